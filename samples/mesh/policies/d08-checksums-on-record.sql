-- id: D08
-- title: Every attached file has its checksum on record
-- category: reliability
-- severity: warning
-- decision: Size and SHA-256 of each file are written down when it is fetched.
-- why: Only then can a later reader see that the file is still the one that was checked.
SELECT product_id, port, file
FROM attached
WHERE bytes IS NULL OR sha256 IS NULL OR length(sha256) <> 64
