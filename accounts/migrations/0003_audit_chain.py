"""The audit trail is append-only and hash-chained, whoever writes to it.

An event waits without a number until its transaction commits. Then, one transaction at a time, it gets
the next number, the moment and the hash over itself and the hash before it. Doing this at the commit keeps
the lock short however long the transaction took, and nobody waits for a second lock while he holds it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION accounts_wait_for_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.number := NULL;
    NEW.previous_hash := NULL;
    NEW.hash := NULL;
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_seal_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    event accounts_auditevent;
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock('accounts_auditevent'::regclass::oid::bigint);
    SELECT * INTO STRICT event FROM accounts_auditevent WHERE id = NEW.id;
    SELECT number, at, hash INTO last FROM accounts_auditevent
        WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1;
    event.number := coalesce(last.number, 0) + 1;
    event.at := greatest(clock_timestamp(), last.at);
    event.previous_hash := coalesce(last.hash, repeat('0', 64));
    UPDATE accounts_auditevent
        SET number = event.number, at = event.at, previous_hash = event.previous_hash,
            hash = encode(sha256(convert_to(jsonb_build_array(
                event.previous_hash, event.number,
                to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                event.user_id, event.action, event.subject, event.label, event.organisation_id,
                event.territory_id, event.reason, event.details, event.channel, host(event.address)
            )::text, 'UTF8')), 'hex')
        WHERE id = event.id;
    RETURN NULL;
END $$;

CREATE FUNCTION accounts_refuse_to_rewrite_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_events_wait BEFORE INSERT ON accounts_auditevent
    FOR EACH ROW EXECUTE FUNCTION accounts_wait_for_audit_seal();
CREATE CONSTRAINT TRIGGER audit_events_are_sealed AFTER INSERT ON accounts_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_seal_audit_event();
CREATE TRIGGER audit_events_stay BEFORE UPDATE ON accounts_auditevent
    FOR EACH ROW WHEN (OLD.hash IS NOT NULL) EXECUTE FUNCTION accounts_refuse_to_rewrite_audit();
CREATE TRIGGER audit_is_append_only BEFORE DELETE OR TRUNCATE ON accounts_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_to_rewrite_audit();
"""

DROP = """
DROP TRIGGER audit_is_append_only ON accounts_auditevent;
DROP TRIGGER audit_events_stay ON accounts_auditevent;
DROP TRIGGER audit_events_are_sealed ON accounts_auditevent;
DROP TRIGGER audit_events_wait ON accounts_auditevent;
DROP FUNCTION accounts_refuse_to_rewrite_audit();
DROP FUNCTION accounts_seal_audit_event();
DROP FUNCTION accounts_wait_for_audit_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_events")]

    operations = [migrations.RunSQL(CREATE, DROP)]
