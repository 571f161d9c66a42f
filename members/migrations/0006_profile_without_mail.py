from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0006_refusals_of_profiles")]

    operations = [migrations.RemoveField(model_name="profile", name="wants_mail")]
