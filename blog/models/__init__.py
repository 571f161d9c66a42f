"""The journal's tables."""

from blog.models.pages import ArticlePage, ArticleTag, Author, JournalPage, Section

__all__ = ["ArticlePage", "ArticleTag", "Author", "JournalPage", "Section"]
