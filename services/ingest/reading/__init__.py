"""How files are read: DuckDB and pyarrow turn an upload into one Parquet file of canonical types."""
