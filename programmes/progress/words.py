"""Words as numbers while there are many: their places in the vocabulary."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from programmes.codes import NUMBER_OF, VOCABULARY
from programmes.progress.inputs import Bools

Words = npt.NDArray[np.int8]
DTYPE = pd.CategoricalDtype(list(VOCABULARY))


def first_of(*rules: tuple[Bools, str]) -> Words:
    """The word of the first rule that holds in each row, else the empty one."""
    result = np.zeros(len(rules[0][0]), dtype=np.int8)
    for mask, word in reversed(rules):
        result[mask] = NUMBER_OF[word]
    return result


def is_word(words: Words, *wanted: str) -> Bools:
    """Where the word is one of those wanted."""
    return np.isin(words, [NUMBER_OF[word] for word in wanted])


def spell(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its words as text: every column of `int8` is one of words."""
    for name in frame.select_dtypes("int8"):
        frame[name] = pd.Categorical.from_codes(frame[name], dtype=DTYPE)
    return frame
