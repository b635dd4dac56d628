-- id: P20
-- title: Files have an agreed format and encoding
-- category: interoperability
-- severity: error
-- decision: Servers of files deliver CSV in UTF-8, Parquet or JSON.
-- why: Every further format costs every consumer a reader.
SELECT contract_id, name, format, line
FROM server
WHERE type IN ('local', 's3', 'azure', 'sftp')
  AND (format NOT IN ('csv', 'parquet', 'json')
       OR (format = 'csv' AND coalesce(encoding, 'UTF-8') <> 'UTF-8'))
