"""French public holidays (Code du travail L3133-1), for promises and deadlines."""

from datetime import date, timedelta

FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus's algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    m = (a + 11 * h) // 319
    j, k = c // 4, c % 4
    weekday = (2 * e + 2 * j - k - h + m + 32) % 7
    month = (h - m + weekday + 90) // 25
    return date(year, month, (h - m + weekday + month + 19) % 32)


def is_holiday(day: date) -> bool:
    """Whether nobody works that day in France."""
    sunday = easter(day.year)
    return (day.month, day.day) in FIXED or day in {sunday + timedelta(days=n) for n in AFTER_EASTER}
