"""A form sent twice makes one product."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="form_token",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
    ]
