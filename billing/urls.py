"""Addresses of a town's own books, in its desk. Rows are asked by number: another town's are absent."""

from django.urls import path

from billing import back_office
from billing.enums import DocumentKind

app_name = "books"
PDF, XML = {"kind": DocumentKind.PDF}, {"kind": DocumentKind.XML}
urlpatterns = [
    path("", back_office.contract, name="contract"),
    path("<int:pk>/", back_office.contract, name="other_contract"),
    path("comptages/", back_office.counts, name="counts"),
    path("comptage/<int:pk>/", back_office.count, name="count"),
    path("comptage/<int:pk>/contester/", back_office.contest, name="contest"),
    path("factures/", back_office.documents, name="documents"),
    path("facture/<int:pk>/", back_office.invoice, name="invoice"),
    path("facture/<int:pk>.pdf", back_office.invoice_file, PDF, name="invoice_pdf"),
    path("facture/<int:pk>.xml", back_office.invoice_file, XML, name="invoice_xml"),
    path("devis/<int:pk>/", back_office.quote, name="quote"),
    path("devis/<int:pk>.pdf", back_office.quote_file, PDF, name="quote_pdf"),
    path("devis/<int:pk>-accepte.pdf", back_office.signed_quote, name="signed_quote"),
    path("engagement/", back_office.numbers, name="numbers"),
    path("engagement/donner/", back_office.give_number, name="give_number"),
]
