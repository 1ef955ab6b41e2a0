"""The last day on which a measure is due, kept by the database from its deadline and its programme's term."""

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION measure_due_on(deadline jsonb, starts_on date, ends_on date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE
    WHEN deadline ->> 'type' = 'period' THEN make_date((deadline ->> 'to_year')::int, 12, 31)
    WHEN deadline ->> 'type' IN ('yearly', 'recurring') THEN (
        SELECT max(day) FROM (
            SELECT (make_date(year, month::int, 1) + interval '1 month - 1 day')::date AS day
            FROM (SELECT least((deadline ->> 'to_year')::int, extract(year FROM ends_on)::int) AS last) AS span,
                generate_series(last - 1, last) AS year,
                jsonb_array_elements_text(coalesce(deadline -> 'months', '[12]')) AS month
            WHERE year >= coalesce((deadline ->> 'from_year')::int, 0)
        ) AS days WHERE day BETWEEN starts_on AND ends_on
    )
    WHEN deadline ->> 'period' ~ '^[0-9]{4}(-(S[12]|Q[1-4]|0[1-9]|1[0-2]))?$' THEN (
        make_date(left(deadline ->> 'period', 4)::int, CASE substr(deadline ->> 'period', 6, 1)
            WHEN '' THEN 12
            WHEN 'S' THEN 6 * right(deadline ->> 'period', 1)::int
            WHEN 'Q' THEN 3 * right(deadline ->> 'period', 1)::int
            ELSE right(deadline ->> 'period', 2)::int
        END, 1) + interval '1 month - 1 day'
    )::date
END
$$;
"""

OF_A_MEASURE = """
CREATE FUNCTION programmes_measure_due_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT measure_due_on(NEW.deadline, starts_on, ends_on) INTO NEW.due_on
    FROM programmes_programme WHERE id = NEW.programme_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER measure_due_on BEFORE INSERT OR UPDATE ON programmes_measure
FOR EACH ROW EXECUTE FUNCTION programmes_measure_due_on();
"""

OF_A_PROGRAMME = """
CREATE FUNCTION programmes_programme_measures_due_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE programmes_measure SET deadline = deadline WHERE programme_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER programme_measures_due_on AFTER UPDATE OF starts_on, ends_on ON programmes_programme
FOR EACH ROW WHEN (OLD.starts_on <> NEW.starts_on OR OLD.ends_on <> NEW.ends_on)
EXECUTE FUNCTION programmes_programme_measures_due_on();
"""

NONE_OF_IT = """
DROP TRIGGER programme_measures_due_on ON programmes_programme;
DROP FUNCTION programmes_programme_measures_due_on;
DROP TRIGGER measure_due_on ON programmes_measure;
DROP FUNCTION programmes_measure_due_on;
DROP FUNCTION measure_due_on;
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0007_frozen_figures_are_append_only")]

    operations = [
        migrations.AddField(
            "measure",
            "due_on",
            models.DateField(editable=False, null=True, verbose_name="last day due"),
        ),
        migrations.RunSQL(FUNCTION + OF_A_MEASURE + OF_A_PROGRAMME, NONE_OF_IT),
        migrations.RunSQL("UPDATE programmes_measure SET deadline = deadline", migrations.RunSQL.noop),
    ]
