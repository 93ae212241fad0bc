"""Numbers as the report writes them."""


def number(value: float) -> str:
    """With three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(value: float, one: float | None) -> str:
    """How many times ``one`` it is; "" without one."""
    return f"{number(value / one)}×" if one else ""
