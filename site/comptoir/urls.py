"""All addresses. French without prefix, English under /en/; function addresses are translated."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from blog import feeds
from blog import views as journal
from comptoir.media import media
from home import account_views, routing, style, views
from home.sitemaps import SITEMAPS
from members import views as people
from store.views import live, webhook

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.svg", views.favicon, name="favicon"),
    # For who asks without having read a page.
    path("favicon.ico", views.favicon, name="favicon-ico"),
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemap-index"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path(
        ".well-known/change-password",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="change-password",
    ),
    path("live/", live.live, name="live"),
    path("stripe/webhook/", webhook.receive, name="webhook"),
    # Wagtail's own sign-in would let a password alone pass: these two stand before it.
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="cms-login"),
    path("cms/password_reset/", views.not_found, name="cms-password-reset"),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", media, name="media"),
]
if settings.LOCAL:
    urlpatterns += [path("_style/", style.style_guide, name="style-guide")]
    urlpatterns += i18n_patterns(path("_demo/", include("home.demo_urls")), prefix_default_language=False)
urlpatterns += i18n_patterns(
    path(_("feed/rss/"), feeds.Rss(), name="feed-rss"),
    path(_("feed/atom/"), feeds.Atom(), name="feed-atom"),
    path(_("feed/rss/<slug:section>/"), feeds.Rss(), name="feed-rss-section"),
    path(_("feed/atom/<slug:section>/"), feeds.Atom(), name="feed-atom-section"),
    path(_("the-rest/<int:pk>/"), journal.rest, name="article-rest"),
    path("me/", views.me, name="me"),
    path(_("my-account/"), views.account, name="account"),
    path(_("my-account/language/"), people.language, name="account-language"),
    path(_("my-account/data/"), account_views.export, name="account-export"),
    path(_("my-account/erase/"), account_views.erase, name="account-erase"),
    path(_("account/"), include("allauth.urls")),
    path("", include("store.urls")),
    path("", include("members.urls")),
    path("", include("events.urls")),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="page-login"),
    # Wagtail's own addresses, but for the last: ours finds a page in fewer queries.
    path("", include(wagtail_urls.urlpatterns[:-1])),
    re_path(wagtail_urls.serve_pattern, routing.serve, name="wagtail_serve"),
    prefix_default_language=False,
)
handler403 = "home.views.refused"
handler404 = "home.views.not_found"
handler500 = "home.views.server_error"
