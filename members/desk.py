"""What the club asks of its owner today."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import Shop
from members.models import Membership, Report, Termination
from store.desk import Todo

MOST = 5


def todo(shop: Shop) -> list[Todo]:
    """Failed payments, and notices to end a contract that nobody could match."""
    found = []
    late = Membership.objects.open().filter(tier__shop=shop, is_late=True).count()
    if late:
        title = ngettext("%(n)s member's payment failed", "%(n)s members' payments failed", late) % {"n": late}
        detail = _("They were told, and Stripe tries again.")
        url = f"{reverse('club:people')}?is_late=true"
        found.append(Todo("late-members", title, detail, url, _("See them"), 55, late, "members.view_membership"))
    lost = Termination.objects.filter(shop=shop, membership=None, answered_at=None).order_by("received_at")
    for row in lost[:MOST]:
        title = _("%(name)s ends a contract that is not found") % {"name": row.name}
        detail = _("%(contract)s – %(email)s") % {"contract": row.contract, "email": row.email}
        url = f"{reverse('club:people')}?q={row.contract}"
        found.append(Todo("ends", title, detail, url, _("Look for it"), 92, 1, "members.view_membership"))
    reports = Report.objects.filter(handled_at=None).select_related("introduction").order_by("made_at")
    for one in reports[:MOST]:
        url = reverse("club:report", args=[one.pk])
        title = _("A member reports a message")
        found.append(
            Todo("report", title, one.introduction.words[:120], url, _("Look"), 88, 1, "members.view_membership")
        )
    return found
