-- id: P05
-- title: Purpose, limitations and usage are written down
-- category: documentation
-- severity: warning
-- decision: Each contract says in whole sentences what it is for, what it is not for, how
--   to use it.
-- why: A reader decides by these three texts whether the data fit the question.
SELECT id, path, line
FROM contract
WHERE length(coalesce(purpose, '')) < 20
   OR length(coalesce(limitations, '')) < 10
   OR length(coalesce(usage, '')) < 10
