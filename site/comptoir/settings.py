"""The one settings file: everything that differs between installations comes from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from comptoir import logs
from comptoir.env import ROOT, choice, database, flag, load, mailers, number, origin

env = load()

# --- What this installation is -------------------------------------------------------------------
DEMO = flag("DEMO")
DEBUG = flag("DEBUG")
LOCAL = DEMO or DEBUG
BASE_DIR = ROOT
VAR = Path(env.str("COMPTOIR_VAR", default=str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)
BASE_URL = origin("BASE_URL", default="http://127.0.0.1:8000" if LOCAL else "")
SECRET_KEY = env.str("SECRET_KEY", default="only-for-a-shop-that-nobody-else-can-reach" if LOCAL else "")
if not SECRET_KEY or not BASE_URL:
    raise ImproperlyConfigured("Set SECRET_KEY and BASE_URL (or DEMO=1 to try Comptoir on this machine).")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname, *(["localhost"] if LOCAL else [])])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- Applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "comptoir",
    "home",
    "blog",
    "events",
    "members",
    "store",
    "core",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_ox",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "comptoir.middleware.Headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "comptoir.language.PathLanguage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "comptoir.middleware.Cacheable",
    "core.addresses.WithoutNul",
    "members.access.StaffOnly",
    "members.access.StaffSecondFactor",
    "core.redirects.GoneOrMoved",
]
ROOT_URLCONF = "comptoir.urls"
WSGI_APPLICATION = "comptoir.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "home.context.site",
            ],
            "builtins": ["core.templatetags.core_tags", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ----------------------------------------------------------------------------------------
DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{VAR / 'comptoir.sqlite3'}"))}
POSTGRESQL = str(DATABASES["default"]["ENGINE"]).endswith("postgresql")
if POSTGRESQL:
    INSTALLED_APPS.append("django.contrib.postgres")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, dict[str, Any]] = {
    "default": env.cache_url_config(env.str("CACHE_URL", default="dbcache://comptoir_cache")),
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "renditions"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
AUTH_USER_MODEL = "members.User"
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "OPTIONS": {
            "MAX_ATTEMPTS": 6,
            "LOCK_TIMEOUT": number("TASK_LEASE", default=60),
            "BACKOFF_INITIAL": 5,
            "BACKOFF_MAX": 900,
            "SCHEDULES": {
                "reconcile": {"task": "store.tasks.reconcile", "every": 180},
                "publish": {"task": "home.tasks.publish_scheduled", "every": 60},
                "digest": {"task": "store.tasks.digest", "every": 900},
                "renewals": {"task": "store.tasks.remind_renewals", "every": 21600},
                "events": {"task": "events.tasks.by_the_clock", "every": 300},
                "members": {"task": "members.tasks.by_the_clock", "every": 3600},
                "prune": {"task": "home.tasks.prune", "every": 21600},
            },
        },
    }
}

# --- People --------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}}]
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
_forms = "login signup add_email change_password set_password reset_password reset_password_key reauthenticate"
_forms += " request_login_code confirm_login_code confirm_email_verification_code"
ACCOUNT_FORMS = {
    name.replace("_key", "_from_key"): f"members.forms.{name.title().replace('_', '')}Form" for name in _forms.split()
}
MFA_FORMS = {
    "authenticate": "members.forms.AuthenticateForm",
    "reauthenticate": "members.forms.ReauthenticateByCodeForm",
    "activate_totp": "members.forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_ADAPTER = "members.adapter.SecondFactorAdapter"
STAFF_SECOND_FACTOR = flag("STAFF_SECOND_FACTOR", default=not DEMO)
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", default=0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [ROOT / "site" / "locale"]
USE_I18N = USE_TZ = WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Paris"

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "core.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR / "media")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": env.str("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage")},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "core.storage.HashedStaticFiles"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Wagtail -------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Comptoir"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILIMAGES_IMAGE_MODEL = "core.Photo"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"heic": "jpeg"}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILREDIRECTS_AUTO_CREATE = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "odt", "ods", "docx", "xlsx", "txt", "zip", "epub"]
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
TAGGIT_CASE_INSENSITIVE = True

# --- Money ---------------------------------------------------------------------------------------
STRIPE_API_VERSION = "2026-10-28.endive"
STRIPE_API_BASE = origin("STRIPE_API_BASE")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
CHECKOUT_LIMIT = number("CHECKOUT_LIMIT", default=500 if LOCAL else 15)
SUBSCRIPTION_GRACE_DAYS = number("SUBSCRIPTION_GRACE_DAYS", default=7)
STRIPE_LIVE = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
SANDBOX_ORIGIN = origin("SANDBOX_ORIGIN")
STRIPE_JS_URL = f"{SANDBOX_ORIGIN}/js/endive/stripe.js" if SANDBOX_ORIGIN else "https://js.stripe.com/endive/stripe.js"

# --- Mail ----------------------------------------------------------------------------------------
MAILBOX = VAR / "mailbox"
MAIL_FROM = env.str("MAIL_FROM", default="boutique@example.org" if LOCAL else "")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM or "boutique@localhost"
MAILERS = mailers(env.str("MAIL_URL", default="" if LOCAL else "smtp://localhost:25"), MAILBOX)

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = logs.config(
    choice("LOG_LEVEL", ("WARNING", "DEBUG", "INFO", "ERROR")), choice("LOG_FORMAT", ("plain", "json"))
)

# --- Headers -------------------------------------------------------------------------------------
_stripe_js, _checkout = ["https://js.stripe.com", "https://*.js.stripe.com"], "https://checkout.stripe.com"
_stripe_hosts = {
    "script": [*_stripe_js, _checkout],
    "frame": [*_stripe_js, "https://hooks.stripe.com", _checkout],
    "connect": ["https://api.stripe.com", _checkout],
    "img": ["https://*.stripe.com"],
    "form": [_checkout, "https://billing.stripe.com"],
}
if SANDBOX_ORIGIN:
    _stripe_hosts = {use: [SANDBOX_ORIGIN] for use in _stripe_hosts}
EMBED_HOSTS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com", "https://www.openstreetmap.org"]
SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, *_stripe_hosts["script"]],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", *_stripe_hosts["img"]],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, *_stripe_hosts["connect"]],
    "frame-src": [*EMBED_HOSTS, *_stripe_hosts["frame"]],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "form-action": [CSP.SELF, *_stripe_hosts["form"]],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    **({"upgrade-insecure-requests": True} if HTTPS else {}),
}
CSP_FRAME_HOSTS = _stripe_hosts["frame"]
CSP_ADMIN: dict[str, Any] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS and flag("SSL_REDIRECT", default=True)
if flag("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if HTTPS else ("session", "csrf")
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
HERE_COOKIE_NAME = "here"
# What the privacy notice lists is all there is: messages travel in the session, not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "home.views.csrf_failure"
