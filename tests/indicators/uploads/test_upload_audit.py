"""What happens to an upload is in the audit trail, for those whose business it is."""

from collections.abc import Callable

import pytest

from accounts.models import AuditEvent, User
from accounts.permissions import overseen
from indicators.models import Upload
from indicators.services.uploading import apply_upload, confirm_upload

pytestmark = pytest.mark.django_db

HEAD = "Year,UNIT_MEASURE,REF_AREA,URBANISATION,SEX,Value\n"


def test_each_step_is_recorded_and_the_coordinator_reads_of_it(
    send: Callable[..., Upload], user: Callable[[str], User]
) -> None:
    upload = send("indicator_8-6-1.csv", HEAD + "2024,PT,KZALA,,,5.4\n")
    confirm_upload(upload=upload, by=user("analyst"))
    apply_upload(upload.pk)
    events = AuditEvent.objects.filter(subject=f"upload:{upload.pk}")
    steps = ["upload.received", "upload.confirmed", "upload.applied"]
    assert sorted(events.values_list("action", flat=True)) == sorted(steps)
    assert events.filter(overseen(user("coordinator"))).count() == len(steps)
    assert not events.filter(overseen(user("almaty.analyst"))).exists()
