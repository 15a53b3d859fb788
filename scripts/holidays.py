#!/usr/bin/env python3
"""Writes src/hours/holidays.txt.gz: the public holidays of every country and region.

    python3 -m venv /tmp/holidays && /tmp/holidays/bin/pip install holidays==0.109
    /tmp/holidays/bin/python scripts/holidays.py

The text inside (read it with `zcat`) has one block per country. Its first line starts with an equals sign: the ISO 3166-1
codes of two and three letters, and the country's name in English. A line that starts with a tab is a holiday: its name
in the country's own language, a tab, its days. The other lines are regions: the code (the country itself, or country
and subdivision), then the numbers of that block's holidays that are days off there, counted from 0.

Days are MMDD, joined by commas. `*:` stands before days that are the same in every year; otherwise each year has a group
of its own, `26:0320,0321`, and a space between the groups. The first line of the file names source and years.

Days by the Islamic, Hindu, Hebrew and Chinese calendars are the source's estimates for years that are not announced yet.
"""

import gzip
import inspect
import re
import sys
from pathlib import Path

sys.path.pop(0)  # this file has the library's name

import holidays  # noqa: E402
from holidays.registry import COUNTRIES  # noqa: E402

YEARS = range(2026, 2041)
TARGET = Path(__file__).resolve().parent.parent / "src" / "hours" / "holidays.txt.gz"


def calendar(country, subdivision):
    """The days off of a region: {name: {year: [MMDD, ...]}}."""
    kind = getattr(holidays, country)
    options = {"years": YEARS, "subdiv": subdivision, "language": kind.default_language}
    if "islamic_show_estimated" in inspect.signature(kind.__init__).parameters:
        options["islamic_show_estimated"] = False
    days = kind(**options)
    names = {}
    for day in sorted(days):
        if day.year not in YEARS:
            continue
        for name in days.get_list(day):
            name = " ".join(name.split())
            names.setdefault(name, {}).setdefault(day.year, []).append(f"{day:%m%d}")
    return names


def groups(years):
    """The days of a holiday as text."""
    if len(years) == len(YEARS) and len({tuple(days) for days in years.values()}) == 1:
        return "*:" + ",".join(years[YEARS[0]])
    return " ".join(f"{year % 100}:{','.join(days)}" for year, days in sorted(years.items()))


def title(country):
    """The codes and the name of a country."""
    name, alpha2, alpha3 = next(entry for entry in COUNTRIES.values() if entry[1] == country)[:3]
    return " ".join([alpha2, alpha3, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)])


def block(country, subdivisions):
    """The lines of a country."""
    numbers, regions = {}, []
    for subdivision in [None, *sorted(subdivisions)]:
        code = country if subdivision is None else f"{country}-{subdivision}"
        entries = [(name, groups(years)) for name, years in calendar(country, subdivision).items()]
        regions.append((code, [numbers.setdefault(entry, len(numbers)) for entry in entries]))
    yield "=" + title(country)
    for name, days in numbers:
        yield f"\t{name}\t{days}"
    for code, entries in regions:
        yield " ".join([code, *map(str, entries)])


def main():
    countries = holidays.list_supported_countries(include_aliases=False)
    lines = [f"# PyPI holidays {holidays.__version__}, {YEARS[0]}-{YEARS[-1]}"]
    for country in sorted(countries):
        lines.extend(block(country, countries[country]))
        print(country, end=" ", file=sys.stderr, flush=True)
    text = "\n".join(lines) + "\n"
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"\n{len(lines)} lines, {len(text.encode())} bytes, {TARGET.stat().st_size} deflated", file=sys.stderr)


if __name__ == "__main__":
    main()
