"""Addresses of the products' screens, under /cms/produits/."""

from django.urls import path

from store.editor import product_forms, product_list, product_screen, publish_view

app_name = "products"
urlpatterns = [
    path("", product_list.ProductList.as_view(), name="index"),
    path("liste/", product_list.results, name="index_results"),
    path("nouveau/", product_forms.NewProductPage.as_view(), name="new"),
    path("publier/", publish_view.PublishTogether.as_view(), name="publish"),
    path("<int:pk>/", product_screen.ProductScreen.as_view(), name="screen"),
    path("<int:pk>/fiche/", product_forms.FactsPage.as_view(), name="facts"),
    path("<int:pk>/variantes/", product_screen.MakeVariants.as_view(), name="variants"),
    path("<int:pk>/etat/", product_screen.ChangeState.as_view(), name="state"),
]
