-- Text as a JSON string, for statements that write many: planners put the function's body in its place. PostgreSQL 17
-- and later have a constructor that need not look up, for each text, that it is one.
DO $$ BEGIN
    EXECUTE 'CREATE FUNCTION ledger.json_text(text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN '
        || CASE WHEN current_setting('server_version_num')::int < 170000 THEN 'to_json($1)' ELSE 'JSON_SCALAR($1)' END
        || '::text';
END $$;
