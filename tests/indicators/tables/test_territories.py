"""Names that belong to several territories."""

from indicators.tables import TerritoryMatch, WordList
from indicators.tables.territories import Resolution, resolve_territories
from tests.indicators.tables.conftest import Read, brief, page


def codes(words: WordList, text: str) -> set[str]:
    return {match.code for match in words.territory(text)}


def test_the_kind_that_a_name_states_decides(words: WordList) -> None:
    assert codes(words, "Абай облысы") == {"KZABY"}
    assert codes(words, "Абай ауданы") == {"abai-district"}
    assert codes(words, "г. Абай") == {"abai-town"}
    assert codes(words, "Абай") == {"KZABY", "abai-district", "abai-town"}
    assert codes(words, "Алматы қ.") == {"KZALA"}
    assert codes(words, "поселок Алматы") == set()


def test_an_ending_hints_at_the_kind(words: WordList) -> None:
    assert codes(words, "Абайский") == {"abai-district"}
    assert codes(words, "Абайская") == {"KZABY"}


def test_official_codes_are_found_as_numbers_too(words: WordList) -> None:
    assert words.territory("196200000") == [TerritoryMatch("karasai", 2)]


def test_an_ambiguous_name_stands_on_the_level_of_most_rows(read: Read) -> None:
    among_oblasts = read(page("| 2024\nАкмолинская | 1\nАтырауская | 2\nАбай | 3"))
    among_districts = read(page("| 2024\nКарасайский район | 1\nТалгарский район | 2\nАбай ауданы | 3"))
    assert brief(among_oblasts)[2][0] == "KZABY"
    assert brief(among_districts)[2][0] == "abai-district"


def test_a_name_means_the_territory_that_no_other_name_of_the_table_means(read: Read) -> None:
    found = read(page("| 2024\nАқмола | 1\nАлматы | 2\nАлматы қаласы | 3"))
    assert [territory for territory, *_ in brief(found)] == ["KZAKM", "KZALM", "KZALA"]


def test_what_stays_ambiguous_is_refused_with_its_candidates(read: Read) -> None:
    found = read(page("| 2023 | 2024\nАқмола | 1 | 2\nАлматы | 3 | 4"))
    (problem,) = found.problems
    assert (problem.code, problem.text, problem.lost) == ("ambiguous_territory", "Алматы", 2)
    assert problem.params == {"candidates": ["KZALA", "KZALM"]}


def test_one_territory_under_two_names_is_a_repetition(read: Read) -> None:
    found = read(page("| 2024\nАкмолинская | 1\nАқмола облысы | 2\nАтырау | 3"))
    assert brief(found) == [("KZATY", "2024", "", "3")]
    assert [problem.code for problem in found.problems] == ["duplicate_row", "duplicate_row"]


def test_an_unknown_name_has_no_candidates(words: WordList) -> None:
    assert resolve_territories({"Атлантида": 3}, words) == {"Атлантида": Resolution(None)}
