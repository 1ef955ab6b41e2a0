import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0011_money_in_short'),
    ]

    operations = [
        migrations.CreateModel(
            name='KpiRollup',
            fields=[
                ('kpi', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rollup', serialize=False, to='programmes.kpi', verbose_name='KPI')),
                ('on_track', models.SmallIntegerField(verbose_name='on track')),
                ('at_risk', models.SmallIntegerField(verbose_name='at risk')),
                ('off_track', models.SmallIntegerField(verbose_name='off track')),
                ('reversed', models.SmallIntegerField(verbose_name='moving backwards')),
                ('not_computable', models.SmallIntegerField(verbose_name='cannot be computed')),
                ('met', models.SmallIntegerField(verbose_name='met')),
                ('missed', models.SmallIntegerField(verbose_name='missed')),
                ('stale', models.SmallIntegerField(verbose_name='figures too old')),
                ('no_data', models.SmallIntegerField(verbose_name='no data')),
                ('way', models.FloatField(null=True, verbose_name='distance covered')),
            ],
            options={
                'verbose_name': 'roll-up of a KPI',
                'verbose_name_plural': 'roll-ups of KPIs',
            },
        ),
    ]
