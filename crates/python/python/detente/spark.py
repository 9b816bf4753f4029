"""Archives on Spark: articles in, partitioned Parquet of events, statements and failures out.

As a job::

    spark-submit $(python -c "import detente.spark as s; print(s.__file__)") s3a://news/2018/ --output s3a://events/2018
    python -m detente.spark articles/*.parquet --output coded

or as a function of your own job::

    rows = spark.read.parquet("articles/").mapInArrow(detente.spark.coder(), detente.spark.schema())

Driver and executors need this wheel and nothing else. The work is done in parts, some files each: a job that was cut short
goes on with the parts that are missing. An article that cannot be read becomes a row of `failures`, never a failed task.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructType

__all__ = ["Options", "coder", "groups", "job", "read", "schema", "stories"]

Partition = Callable[[Iterator[Any]], Iterator[Any]]

#: Between two records of a web archive; what a cut leaves of the next one's first line is put back by the coder.
WARC_SEPARATOR = "\r\n\r\nWARC/1."

#: The second of the JVM's compilers takes half of the JVM's time in a job of minutes and gives little back: the rows of a
#: record are wide, what is made for them is long, and the work is done in Python's workers.
JVM = "-XX:TieredStopAtLevel=1"


@dataclass(frozen=True)
class Options:
    """How articles are read; the same on every executor."""

    kind: str = "table"
    """table (Parquet, or any DataFrame with a column of texts), jsonl, warc"""
    outlet: str | None = None
    published: str | None = None
    knowledge: str | None = None
    """Folder of knowledge files, at the same path on all machines."""
    bare_states: bool = False
    articles: bool = False
    """Whether the articles with their texts are written too; `detente import` needs them for statements."""
    max_size: int | None = None


def coder(options: Options = Options()) -> Partition:
    """The function for `DataFrame.mapInArrow`: rows with articles to one coded row each, see `schema`.

    It does for any engine that hands over Arrow record batches, Ray Data and Dask among them.
    """
    how = asdict(options)

    def code_partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow

        from detente import _detente

        for batch in batches:
            yield from pyarrow.table(_detente._code_rows(batch, **how)).to_batches()

    return code_partition


def schema(articles: bool = False) -> StructType:
    """Schema of coded rows: id, published, place, failure, text (of a failure), sketch, details, statements, events."""
    import pyarrow
    from pyspark.sql.pandas.types import from_arrow_schema

    from detente import _detente

    return from_arrow_schema(pyarrow.table(_detente._coded_schema(articles)).schema)


def read(spark: SparkSession, paths: Sequence[str], kind: str) -> DataFrame:
    """Articles as the coder takes them, with the file each came from in `_place`."""
    from pyspark.sql import functions as F

    place = F.input_file_name().alias("_place")
    if kind == "table":
        return spark.read.parquet(*paths).select("*", place)
    lines = spark.read
    if kind == "warc":
        lines = lines.option("lineSep", WARC_SEPARATOR)
    # As bytes: pages have all kinds of encodings, and a broken line is to be told, not mended.
    return lines.text(list(paths)).select(F.col("value").cast("binary").alias("value"), place)


class _Files:
    """Files wherever Spark can read and write."""

    def __init__(self, spark: SparkSession) -> None:
        self._hadoop: Any = spark._jvm.org.apache.hadoop.fs.Path  # type: ignore[union-attr]
        self._conf: Any = spark._jsc.hadoopConfiguration()

    def _of(self, path: str) -> tuple[Any, Any]:
        at = self._hadoop(path)
        return at, at.getFileSystem(self._conf)

    def exists(self, path: str) -> bool:
        at, system = self._of(path)
        return bool(system.exists(at))

    def state(self, path: str) -> str:
        """Length and time of change: what tells that a file is another."""
        at, system = self._of(path)
        status = system.getFileStatus(at)
        return f"{path} {status.getLen()} {status.getModificationTime()}"


def job(
    spark: SparkSession,
    inputs: Sequence[str],
    output: str,
    options: Options = Options(),
    *,
    files_per_part: int = 64,
    find_copies: bool = True,
) -> dict[str, int]:
    """Code an archive into `output`: `events/`, `statements/`, `failures/` (and `articles/`), partitioned by year.

    Gives the numbers of rows. Run it again after a failure: parts that are done are not done again.
    """
    from pyspark.sql import functions as F

    from detente import CODER_VERSION, ONTOLOGY_VERSION

    files = _Files(spark)
    how = {**asdict(options), "coder": CODER_VERSION, "ontology": ONTOLOGY_VERSION}
    # Whole batches of long texts must fit a worker's memory.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "256")
    reader = spark.read.parquet(*inputs) if options.kind == "table" else spark.read.text(list(inputs))
    found = sorted(set(reader.inputFiles()))
    if not found:
        raise ValueError(f"no files in {', '.join(inputs)}\n hint: name files or folders that Spark can read")
    done: list[str] = []
    for start in range(0, len(found), files_per_part):
        some = found[start : start + files_per_part]
        what = json.dumps([how, [files.state(f) for f in some]], sort_keys=True)
        name = f"{output}/coded/part-{start // files_per_part:05d}-{hashlib.sha256(what.encode()).hexdigest()[:12]}"
        if not files.exists(f"{name}/_SUCCESS"):
            rows = read(spark, some, options.kind)
            least = 2 * spark.sparkContext.defaultParallelism
            # Coding is slow beside reading: few large splits would leave machines idle.
            if rows.rdd.getNumPartitions() < least:
                rows = rows.repartition(4 * least)
            writer = rows.mapInArrow(coder(options), schema(options.articles)).write.mode("overwrite").option("compression", "zstd")
            # Read twice and thrown away: dictionaries of its columns would cost more than they save.
            writer.option("parquet.enable.dictionary", "false").parquet(name)
        done.append(name)
    coded = spark.read.parquet(*done)
    good = coded.where(F.col("failure").isNull())
    if find_copies:
        told = stories(spark, good, f"{output}/copies")
        good = good.join(told, "id", "left").withColumn("story_id", F.coalesce("story_id", F.concat(F.lit("t:"), "id")))
        one = groups(spark, good, f"{output}/copies")
    else:
        good = good.withColumn("story_id", F.lit(None).cast("string"))
    counts = {"failures": _write(coded.where(F.col("failure").isNotNull()).select("place", "id", "failure", "text"), f"{output}/failures")}
    kinds = ["events", "statements"] + (["articles"] if options.articles else [])
    for kind in kinds:
        # The column of the coded row and that of the record have one name: the story's goes in for the record's.
        inner = [f.name for f in schema(options.articles)[kind].dataType.elementType.fields]  # type: ignore[attr-defined]
        rows = good.select("story_id", F.explode(kind).alias("r"))
        rows = rows.select(*[F.col("story_id") if c == "story_id" else F.col(f"r.{c}").alias(c) for c in inner])
        if kind == "events" and find_copies:
            rows = rows.drop("group_id").join(one, ["id", "article_id"], "left")
            rows = rows.withColumn("group_id", F.coalesce("group_id", F.concat(F.lit("g:"), F.expr("substring(id, 3)")))).select(*inner)
        counts[kind] = _write(_by_year(rows, kind), f"{output}/{kind}", by_year=True)
    return counts


def _by_year(rows: DataFrame, kind: str) -> DataFrame:
    """Sorted as `detente export` sorts: by pair (speaker, outlet) and day, within years.

    Years are put together, and great ones are cut, by what the shuffle has measured: ranges would be drawn from a sample,
    for which everything is read and joined once more.
    """
    from pyspark.sql import functions as F

    published = F.col("published")
    day: Column = published
    if kind != "articles":
        day = F.when(F.col("date_first") == F.col("date_last"), F.col("date_first")).otherwise(published)
        # An open or long time is counted under the day of publication.
        day = F.coalesce(day, published)
    order = {"events": ["source_country", "target_country"], "statements": ["speaker_country"], "articles": ["outlet"]}[kind]
    rows = rows.withColumn("year", F.year(day)).withColumn("_day", day)
    return rows.hint("rebalance", F.col("year")).sortWithinPartitions("year", *order, "_day", "id").drop("_day")


def _write(rows: DataFrame, path: str, by_year: bool = False) -> int:
    writer = rows.write.mode("overwrite").option("compression", "zstd")
    (writer.partitionBy("year") if by_year else writer).parquet(path)
    return rows.sparkSession.read.schema(rows.schema).parquet(path).count()


def stories(spark: SparkSession, coded: DataFrame, work: str) -> DataFrame:
    """The story (id, story_id) of articles that retell another: copies and rewrites of one text, wherever they lie.

    All others are the first of their own, "t:" and the id.
    The search is that of `detente code --stories`, pair for pair: the same sketches, the same limits. Articles whose
    sketches share a shingle meet in a shuffle by shingle; the pairs that are copies are joined on the driver, which
    holds 16 bytes for each. Ids are taken to be unique.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    from detente import _detente

    limits = _detente._story_limits()
    saved = _Saved(spark, work)
    # In the order in which articles may be the first of a story; those without a day come last.
    one = coded.groupBy("id").agg(F.min("published").alias("published"), F.first("sketch").alias("sketch"))
    order = one.orderBy(F.col("published").isNull(), "published", "id").withColumn("n", F.monotonically_increasing_id())
    ranked = saved("ranked", order.withColumn("day", F.datediff("published", F.lit("1970-01-01").cast("date"))))
    bearers = ranked.select("n", "day", F.explode("sketch").alias("s"))

    def meetings(rows: DataFrame) -> DataFrame:
        """Pairs worth comparing: bearers of a shingle with the one before them, and with two where they are no crowd."""
        by, here = Window.partitionBy("s").orderBy("n"), F.struct("n", "day")
        crowd = F.count("*").over(Window.partitionBy("s")) > limits["crowd"]
        before = rows.select("n", "day", F.lag(here, 1).over(by).alias("one"), F.when(~crowd, F.lag(here, 2).over(by)).alias("two"))
        met = before.select("n", "day", F.explode(F.array("one", "two")).alias("m")).where(F.col("m").isNotNull())
        near = F.coalesce(F.abs(F.col("day") - F.col("m.day")) <= limits["days"], F.lit(True))
        return met.where(near).select(F.col("m.n").alias("a"), F.col("n").alias("b")).distinct()

    def compared(pairs: DataFrame, sketches: DataFrame, shared: float) -> DataFrame:
        left = sketches.select(F.col("n").alias("a"), F.col("sketch").alias("x"))
        right = sketches.select(F.col("n").alias("b"), F.col("sketch").alias("y"))

        def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            import pyarrow

            from detente import _detente

            for batch in batches:
                yield from pyarrow.table(_detente._copies(batch, shared)).to_batches()

        return pairs.join(left, "a").join(right, "b").select("a", "b", "x", "y").mapInArrow(compare, "a long, b long")

    def united(pairs: DataFrame) -> DataFrame:
        import pyarrow

        table = pyarrow.table(_detente._firsts(pairs.toArrow()))
        if table.num_rows == 0:
            return spark.createDataFrame([], "n long, first long")
        return spark.createDataFrame(table)

    # Near-identical texts first: they share so much that a quarter of the shingles finds them.
    some = bearers.where(F.col("s") % limits["parts"] < limits["parts"] // 4)
    nearly = saved("nearly", compared(meetings(some), ranked, limits["nearly"]))
    # Then rewrites, by the shingles that few of these stories have: the rest are set phrases.
    told = bearers.join(united(nearly), "n", "left").select("s", F.coalesce("first", "n").alias("first"))
    phrases = told.groupBy("s").agg(F.countDistinct("first").alias("stories")).where(F.col("stories") > limits["phrase"]).select("s")
    own = saved("own", bearers.join(phrases, "s", "left_anti"))
    sketches = own.groupBy("n").agg(F.sort_array(F.collect_list("s")).alias("sketch"))
    shared = saved("shared", compared(meetings(own), sketches, limits["shared"]))
    firsts = united(nearly.union(shared))
    firsts = ranked.select("id", "n").join(firsts.where(F.col("n") != F.col("first")), "n").select("id", "first")
    names = ranked.select(F.col("n").alias("first"), F.concat(F.lit("t:"), "id").alias("story_id"))
    return saved("stories", firsts.join(names, "first").select("id", "story_id"))


#: What tellings of events are compared by, beside their details.
COMPARED = [
    *["id", "article_id", "published", "evidence_start", "evidence_end", "source", "target", "cameo", "mode", "date_first"],
    *["date_last", "place_name", "place_country", "geonameid", "lat", "lon", "place_precision"],
]


def groups(spark: SparkSession, coded: DataFrame, work: str) -> DataFrame:
    """The group (id, article_id, group_id) of events that an earlier telling has told: tellings of one event share it.

    All others are the first of their own, "g:" and the id without its "e:".
    The search is that of `detente code --stories`. Only tellings of one kind of deed are compared, so that each kind is
    one task, which holds some 300 bytes for each of its events.
    """
    from pyspark.sql import functions as F

    from detente import _detente

    force = _detente._story_limits()["force"]
    saved = _Saved(spark, work)
    pairs = coded.select("story_id", F.explode(F.arrays_zip("events", "details")).alias("t"))
    told = pairs.select("story_id", *[F.col(f"t.events.{c}").alias(c) for c in COMPARED], F.col("t.details").alias("details"))
    root = F.substring("cameo", 1, 2)
    told = saved("told", told.withColumn("kind", F.when(root.isin(force), force[1]).otherwise(root)))
    n = told.count()
    # Words that many have: a few hundred at most.
    words = told.select(F.explode(F.split(F.substring_index("details", "|", -1), " ")).alias("w")).where(F.col("w") != "")
    often = words.groupBy("w").count().where(F.col("count") > _detente._common(n)).collect()
    seen = {int(row["w"], 16): int(row["count"]) for row in often}

    def one_kind(table: pa.Table) -> pa.Table:
        import pyarrow

        from detente import _detente

        return pyarrow.table(_detente._groups(table, n, seen))

    return saved("groups", told.groupBy("kind").applyInArrow(one_kind, "id string, article_id string, group_id string"))


class _Saved:
    """Steps that are written down, so that a lost executor costs no more than its tasks."""

    def __init__(self, spark: SparkSession, work: str) -> None:
        self._spark, self._work = spark, work

    def __call__(self, name: str, rows: DataFrame) -> DataFrame:
        path = f"{self._work}/{name}"
        rows.write.mode("overwrite").option("compression", "zstd").parquet(path)
        return self._spark.read.schema(rows.schema).parquet(path)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the job."""
    parser = argparse.ArgumentParser(prog="detente.spark", description="Code an archive of articles on Spark.")
    parser.add_argument("inputs", nargs="+", help="files or folders that Spark can read")
    parser.add_argument("--output", required=True, help="folder for events/, statements/, failures/")
    parser.add_argument("--kind", choices=["table", "jsonl", "warc"], help="Parquet, JSON lines or web archives [default: by the ending]")
    parser.add_argument("--outlet", help="outlet of articles that name none")
    parser.add_argument("--published", help="date of articles that state none")
    parser.add_argument("--knowledge", help="folder of knowledge files, at the same path on all machines")
    parser.add_argument("--bare-states", action="store_true", help="RUS instead of RUSGOV for a state named alone")
    parser.add_argument("--articles", action="store_true", help="write the articles with their texts too")
    parser.add_argument("--max-size", type=int, help="largest article read, in megabytes [default: 16]")
    parser.add_argument("--files-per-part", type=int, default=64, help="files done in one step, kept when the job is cut short")
    parser.add_argument("--no-copies", action="store_true", help="do not look for copies of one text")
    args = parser.parse_args(arguments)
    first = args.inputs[0].rstrip("/*").lower()
    kind = args.kind or ("warc" if ".warc" in first else "jsonl" if ".jsonl" in first or ".ndjson" in first else "table")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("detente")
    # Under spark-submit the JVM runs already, with what was said there.
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        builder = builder.config("spark.driver.extraJavaOptions", JVM).config("spark.executor.extraJavaOptions", JVM)
    spark = builder.getOrCreate()
    options = Options(kind, args.outlet, args.published, args.knowledge, args.bare_states, args.articles, args.max_size)
    counts = job(spark, args.inputs, args.output, options, files_per_part=args.files_per_part, find_copies=not args.no_copies)
    print(", ".join(f"{n} {what}" for what, n in counts.items()), file=sys.stderr)
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
