-- id: D08
-- title: Every file from elsewhere has its checksum on record
-- category: reliability
-- severity: warning
-- context: A version made of files of the mesh itself is made again from them at any time;
--   a file from elsewhere may be another one tomorrow.
-- decision: Size and SHA-256 of each file from elsewhere are written down when it comes.
-- consequences: A product is fetched again by a program that does so.
-- why: Only then can a later reader see that the file is still the one that was checked.
SELECT product_id, file, bytes, sha256
FROM attached
WHERE instr(file, '://') > 0
  AND (bytes IS NULL OR sha256 IS NULL OR length(sha256) <> 64)
