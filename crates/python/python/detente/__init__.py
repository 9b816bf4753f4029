"""Détente reads the news and codes political events: who did what to whom, and who says so.

>>> import detente as dt
>>> doc = dt.code("Israel carried out multiple strikes against Iranian targets inside Syria.", published="2018-07-18")
>>> event = doc.events[0]
>>> event["source_country"], event["cameo_root"], event["target_country"]
('ISR', '19', 'IRN')
>>> event["published"]
datetime.date(2018, 7, 18)

Many articles at once, on all processors, from a list, a pandas or polars DataFrame or an Arrow table:

>>> batch = dt.code_batch(["Israel struck Iranian targets in Syria.", {"text": "Russia condemned Israel.", "id": "b"}, 7])
>>> len(batch.articles), batch.failures[0]["row"]
(2, 2)

Tables are Arrow streams: ``to_pandas()``, ``to_polars()``, ``to_arrow()``, or ``pyarrow.table(batch.events)``. The columns
are those of record v1, with dates as dates. A store made by ``detente init`` is opened by ``dt.open("detente.db")``.

Settings are arguments: neither the environment nor ``detente.toml`` is read.
"""

from ._detente import (
    CODER_VERSION,
    ONTOLOGY_VERSION,
    Batch,
    Doc,
    Error,
    Store,
    Table,
    __version__,
    code,
    code_batch,
    open,
)

__all__ = [
    "CODER_VERSION",
    "ONTOLOGY_VERSION",
    "Batch",
    "Doc",
    "Error",
    "Store",
    "Table",
    "__version__",
    "code",
    "code_batch",
    "open",
]
