"""Whatever comes in from outside, bytes or text, ends in a value or in a stated refusal."""
