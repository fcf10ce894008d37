import basket
import pytest


@pytest.mark.parametrize("item", ["a", 1000])
def test_pair_has_the_item_twice(item):
    assert basket.pair(item) == (item, item)


class TestFruit:
    def test_is_there(self, fruit):
        assert fruit

    def test_is_one(self, fruit, tmp_path):
        assert len(fruit) == 1 and tmp_path.is_dir()
