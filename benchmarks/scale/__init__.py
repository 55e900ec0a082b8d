"""Beyond one machine: other engines, several processes, large tables, long runs."""
