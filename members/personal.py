"""The part of the register of personal data that is about accounts and the club; a test fails for a field without a row."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from core.personal import goes, plain, stays
from members.models import Block, Erasure, Grant, Introduction, Membership, Profile, Refusal, Report, Termination, User

SECRET = "a secret of the account"  # noqa: S105 - a reason, not a password
PROOF = "proof of what was declared, five years (C. civ. 2224)"

REGISTER = [
    goes(User, "email first_name last_name locale stripe_customer", told="account"),
    goes(User, "password", why=SECRET),
    goes(EmailAddress, "email user", told="addresses"),
    goes(Authenticator, "type user", told="second_factors"),
    goes(Authenticator, "data", why=SECRET),
    goes(UserSession, "ip user_agent user", told="sessions"),
    goes(UserSession, "session_key data", why=SECRET),
    goes(Membership, "email name user", told="memberships"),
    plain(Membership, "tier locale number token state"),
    goes(Grant, "note", told="memberships"),
    plain(Grant, "membership line reason by"),
    stays(Termination, "name email contract", "ends_of_contracts", PROOF),
    plain(Termination, "shop token locale membership"),
    goes(Profile, "name words town trade links portrait shown user", told="profile"),
    plain(Profile, "key"),
    goes(Introduction, "words asker asked", told="introductions"),
    plain(Introduction, "key state"),
    goes(Block, "by who", told="blocked"),
    goes(Report, "introduction by", told="introductions"),
    plain(Erasure, "digest"),
    stays(Refusal, "digest", "mails_refused", "what was refused stays refused; a digest is not the address"),
    plain(Refusal, "kind"),
]
