"""The monotowns as their method judges them, beside the classes that annex 1 of the programme prints."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise

from cities.models import GroupMembership
from programmes.applied import labels
from programmes.applied.town_evidence import known_of_towns
from programmes.methods.monotown_criteria import Answer, Evidence, Result
from programmes.methods.monotowns import CRITERIA, POLICIES, Classification, Outcome, Policy, classify, enter

LIST = "monotowns-2012"
BY_CODE = {policy.code: policy for policy in POLICIES}

Known = Mapping[str, Evidence]


@dataclass(frozen=True)
class Judgement:
    """What a policy makes of a town, beside the class that annex 1 prints."""

    found: Classification
    official: str

    @property
    def policy(self) -> Promise:
        """What the policy is called."""
        return labels.POLICIES[self.found.policy.code]

    @property
    def outcome(self) -> Outcome:
        """The class, a conflict, or undetermined."""
        return self.found.outcome

    @property
    def label(self) -> str:
        """The outcome in words."""
        return str(labels.OUTCOMES[self.outcome])

    @property
    def is_narrowed(self) -> bool:
        """Whether it is open between some of the four outcomes, but not all."""
        return 1 < len(self.found.possible) < len(Outcome) - 1

    @property
    def contradicts(self) -> bool:
        """Whether no answer to what is unknown could lead to the official class."""
        return bool(self.official) and Outcome(self.official) not in self.found.possible

    @property
    def possible(self) -> list[Promise]:
        """The outcomes that it can still come to, in words."""
        return [labels.OUTCOMES[each] for each in Outcome if each in self.found.possible]


@dataclass(frozen=True)
class Town:
    """A town of the list: the class printed for it, and what is known of it."""

    membership: GroupMembership
    known: Known

    @cached_property
    def entry(self) -> Result:
        """The entry test."""
        return enter(self.known)

    @property
    def entry_label(self) -> Promise:
        """Whether it passes the entry test, in words."""
        return labels.ANSWERS[self.entry.answer]

    @cached_property
    def judgements(self) -> dict[str, Judgement]:
        """What each policy makes of it, by the policy's code."""
        return {policy.code: self.judge(policy) for policy in POLICIES}

    def judge(self, policy: Policy) -> Judgement:
        """What the policy makes of it."""
        return Judgement(classify(self.known, policy), self.membership.official_class)

    @property
    def unknown(self) -> int:
        """The number of criteria that what is known leaves without an answer."""
        return len({leaf.code for leaf in self._leaves() if leaf.answer == Answer.UNKNOWN})

    @property
    def counts(self) -> Counter[Answer]:
        """How often each answer is given; a criterion of two lists or limits is answered for each."""
        return Counter(leaf.answer for leaf in self._leaves())

    def _leaves(self) -> Iterator[Result]:
        lists = classify(self.known, POLICIES[0])
        for result in (self.entry, lists.high, lists.low):
            yield from _leaves(result)

    def missing(self, policy: Policy) -> list[Promise]:
        """What must be known before the policy settles the entry test and the class, in words."""
        codes = {*self.entry.missing, *self.judge(policy).found.missing}
        return [labels.CRITERIA[code] for code in CRITERIA if code in codes]


@dataclass(frozen=True)
class Tally:
    """A policy, how many towns it puts where, and how many cannot have their official class under it."""

    policy: Policy
    counts: Counter[Outcome]
    contradicting: int

    @property
    def name(self) -> Promise:
        """What the policy is called."""
        return labels.POLICIES[self.policy.code]

    @property
    def words(self) -> Promise:
        """What the policy asks for."""
        return labels.POLICY_WORDS[self.policy.code]

    @property
    def outcomes(self) -> list[tuple[Promise, int]]:
        """Every outcome in words with its number of towns."""
        return [(labels.OUTCOMES[each], self.counts[each]) for each in Outcome]


def towns() -> list[Town]:
    """The towns in the order of annex 1; one query."""
    known = known_of_towns()
    memberships = GroupMembership.objects.filter(group__code=LIST).select_related("territory")
    return [Town(each, known.get(each.territory.code, {})) for each in memberships.order_by("number")]


def tallies(found: Sequence[Town]) -> list[Tally]:
    """What each policy makes of the towns together."""
    result = []
    for policy in POLICIES:
        judgements = [town.judgements[policy.code] for town in found]
        counts = Counter(each.outcome for each in judgements)
        result.append(Tally(policy, counts, sum(each.contradicts for each in judgements)))
    return result


def in_decline(found: Sequence[Town]) -> int:
    """The number of towns of which at least one sign of a lack of prospects is told."""
    return sum(town.judgements["any"].found.low.answer == Answer.YES for town in found)


def _leaves(result: Result) -> Iterator[Result]:
    if not result.parts:
        yield result
    for part in result.parts:
        yield from _leaves(part)
