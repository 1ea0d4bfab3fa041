from core.batches import batches


def test_rows_come_some_at_a_time_and_the_last_ones_fewer():
    assert list(batches("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(batches([], 2)) == []
