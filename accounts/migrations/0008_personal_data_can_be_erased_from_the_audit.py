"""Words of the audit trail can be erased, and the chain of hashes stays provable.

From here on the hash covers a random salt, which goes with the words: nobody can guess them from the hash.
Events written before keep the formula without one. An erased event keeps its hash, to which the next event
holds; for what is left of its content the event vouches that says what was erased, and PostgreSQL refuses
any other change.
"""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
CREATE FUNCTION accounts_audit_content(event accounts_auditevent) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        event.previous_hash, event.number,
        to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        event.user_id, event.action, event.subject, event.label, event.organisation_id,
        event.territory_id, event.reason, event.details, event.channel, host(event.address))
$$;

CREATE FUNCTION accounts_audit_sha256(content jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(content::text, 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION accounts_wait_for_audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.number := NULL;
    NEW.previous_hash := NULL;
    NEW.hash := NULL;
    NEW.erased_in_id := NULL;
    NEW.salt := replace(gen_random_uuid()::text, '-', '');
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION accounts_seal_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
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
            hash = accounts_audit_sha256(accounts_audit_content(event) || jsonb_build_array(event.salt))
        WHERE id = event.id;
    RETURN NULL;
END $$;

CREATE FUNCTION accounts_allow_erasure_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.erased_in_id IS DISTINCT FROM OLD.erased_in_id AND NEW.salt IS NULL
        AND (NEW.id, NEW.number, NEW.at, NEW.user_id, NEW.action, NEW.subject, NEW.organisation_id,
             NEW.territory_id, NEW.channel, NEW.address, NEW.previous_hash, NEW.hash)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.number, OLD.at, OLD.user_id, OLD.action, OLD.subject, OLD.organisation_id,
             OLD.territory_id, OLD.channel, OLD.address, OLD.previous_hash, OLD.hash)
        AND EXISTS (
            SELECT FROM accounts_auditevent erasure
            WHERE erasure.id = NEW.erased_in_id AND erasure.action = 'user.erased' AND erasure.id <> NEW.id
              AND erasure.details -> 'events' ->> NEW.number::text
                  = accounts_audit_sha256(accounts_audit_content(NEW) || jsonb_build_array(NEW.hash))
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER audit_events_stay ON accounts_auditevent;
CREATE TRIGGER audit_events_stay BEFORE UPDATE ON accounts_auditevent
    FOR EACH ROW WHEN (OLD.hash IS NOT NULL) EXECUTE FUNCTION accounts_allow_erasure_of_audit();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_login_failures")]

    operations = [
        migrations.AddField(
            "auditevent", "salt",
            models.CharField(editable=False, max_length=32, null=True, verbose_name="salt of the hash"),
        ),
        migrations.AddField(
            "auditevent", "erased_in",
            models.ForeignKey(
                db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="accounts.auditevent", verbose_name="personal data erased in",
            ),
        ),
        migrations.RunSQL(CREATE, migrations.RunSQL.noop),
    ]
