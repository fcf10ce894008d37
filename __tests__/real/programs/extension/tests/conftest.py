import basket
import pytest


@pytest.fixture(scope="session")
def items():
    # Alive until the session ends: never a leak.
    yield [basket.pair(number) for number in range(3)]


@pytest.fixture(params=["apple", "pear"], scope="class")
def fruit(request):
    yield {request.param: basket.pair(request.param)}
