import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0008_measure_due_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProgressDigest',
            fields=[
                ('kpi', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='programmes.kpi', verbose_name='KPI')),
                ('digest', models.BigIntegerField(verbose_name='mark')),
            ],
            options={
                'verbose_name': 'mark of progress',
                'verbose_name_plural': 'marks of progress',
            },
        ),
    ]
