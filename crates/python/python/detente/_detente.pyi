import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypedDict, final

import pandas
import polars
import pyarrow
from typing_extensions import Unpack

__version__: str
CODER_VERSION: str
ONTOLOGY_VERSION: str

class Error(ValueError):
    """What is wrong, and what to do about it."""

class ArrowStream(Protocol):
    """What has an Arrow C stream: pyarrow tables, polars and pandas DataFrames, tables of this module."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

class ArrowArray(Protocol):
    """What has an Arrow C array, as a pyarrow RecordBatch."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

_Path = str | os.PathLike[str]
_Dyad = str | tuple[str, str]
_Day = str | date
_Some = str | Iterable[str]

@final
class Table:
    """Records in columns, with the schema of record v1."""

    @property
    def column_names(self) -> list[str]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...
    def to_dicts(self) -> list[dict[str, Any]]: ...
    def to_arrow(self) -> pyarrow.Table: ...  # pyright: ignore[reportUnknownMemberType]
    def to_pandas(self) -> pandas.DataFrame: ...
    def to_polars(self) -> polars.DataFrame: ...

@final
class Doc:
    """An article with what was read from it."""

    @property
    def article(self) -> dict[str, Any]: ...
    @property
    def events(self) -> Table: ...
    @property
    def statements(self) -> Table: ...
    def json(self) -> str: ...

@final
class Batch:
    """What was read of many articles."""

    @property
    def articles(self) -> Table: ...
    @property
    def events(self) -> Table: ...
    @property
    def statements(self) -> Table: ...
    @property
    def failures(self) -> Table: ...

def code(
    text: str | bytes,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published: _Day | None = None,
    url: str | None = None,
    id: str | None = None,
    knowledge: _Path | None = None,
    bare_states: bool = False,
    max_size: int | None = None,
) -> Doc:
    """Code one article. Bytes are read as the program reads a file: any encoding, gzip, web pages."""

def code_batch(
    data: ArrowStream | ArrowArray | Iterable[str | Mapping[str, Any]],
    *,
    outlet: str | None = None,
    published: _Day | None = None,
    url: str | None = None,
    knowledge: _Path | None = None,
    bare_states: bool = False,
    stories: bool = False,
    articles: bool = True,
    max_size: int | None = None,
    jobs: int | None = None,
) -> Batch:
    """Code many articles, all processors at once. A row that cannot be read is one of ``failures``."""

class _ArticleFilters(TypedDict, total=False):
    outlet: str | None
    start: _Day | None
    end: _Day | None
    id: str | None

class _Filters(_ArticleFilters, total=False):
    dyad: _Dyad | None
    directed: bool
    actor: str | None
    source: str | None
    target: str | None
    coder: str | None
    article: str | None
    limit: int | None
    latest: bool

class _EventFilters(_Filters, total=False):
    code: _Some | None
    quad: int | Sequence[int] | None
    place: str | None
    mode: _Some | None
    confidence: float | None

class _StatementFilters(_Filters, total=False):
    act: _Some | None
    origin: str | None

@final
class Store:
    """A store of détente, as ``detente init`` makes it."""

    def events(self, **filters: Unpack[_EventFilters]) -> Table: ...
    def statements(self, **filters: Unpack[_StatementFilters]) -> Table: ...
    def articles(self, **filters: Unpack[_ArticleFilters]) -> Table: ...
    def series(
        self,
        dyad: _Dyad,
        *,
        step: str = "day",
        directed: bool = False,
        start: _Day | None = None,
        end: _Day | None = None,
        measure: str = "tension",
        mode: _Some | None = None,
        coder: str | None = None,
        today: _Day | None = None,
    ) -> Table: ...
    def forecast(
        self,
        dyad: _Dyad | None = None,
        *,
        within: int = 14,
        at_least: int = 1,
        material: bool = False,
        on: _Day | None = None,
        coder: str | None = None,
        limit: int = 20,
    ) -> Table: ...
    def correct(
        self,
        id: str,
        *,
        right: bool = False,
        wrong: bool = False,
        set: Mapping[str, str | None] | None = None,
        note: str | None = None,
        author: str | None = None,
    ) -> list[int]: ...
    def undo(self, number: int | None = None) -> int: ...

def open(path: _Path = "detente.db", *, knowledge: _Path | None = None) -> Store:
    """Open a store."""

class _Limits(TypedDict):
    days: int
    parts: int
    phrase: int
    crowd: int
    nearly: float
    shared: float
    force: list[str]

def _code_rows(
    data: ArrowStream | ArrowArray,
    kind: str,
    *,
    outlet: str | None = None,
    published: str | None = None,
    knowledge: str | None = None,
    bare_states: bool = False,
    articles: bool = False,
    max_size: int | None = None,
) -> Table: ...
def _coded_schema(articles: bool) -> Table: ...
def _copies(data: ArrowStream | ArrowArray, shared: float) -> Table: ...
def _firsts(data: ArrowStream | ArrowArray) -> Table: ...
def _groups(data: ArrowStream | ArrowArray, tellings: int, seen: Mapping[int, int]) -> Table: ...
def _common(tellings: int) -> float: ...
def _story_limits() -> _Limits: ...
