"""Addresses of money at the cashier's desk."""

from django.urls import path

from billing.collection.views import agent, bill, collections, counter
from billing.collection.views import desk as money

desk = "<slug:school_slug>/cashier/money/"
of_a_bill = "<slug:school_slug>/cashier/bills/<int:pk>/"
urlpatterns = [
    path(desk, money.desk, name="cashier-money"),
    path(f"{desk}settlements/", money.settlements, name="cashier-settlements"),
    path(f"{desk}work/", money.work_list, name="cashier-work"),
    path(f"{desk}work/<int:pk>/", money.resolve, name="cashier-resolve"),
    path(f"{desk}refunds/", money.refunds, name="cashier-refunds"),
    path(f"{desk}refunds/<int:pk>/", money.refund, name="cashier-refund"),
    path(f"{desk}refunds/<int:pk>/withdraw/", money.refund_withdraw, name="cashier-refund-withdraw"),
    path(f"{desk}counter/", counter.cash, name="cashier-cash"),
    path(f"{desk}counter/<int:pk>/", counter.cash_take, name="cashier-cash-take"),
    path(f"{desk}collections/", collections.collections, name="cashier-collections"),
    path(f"{desk}collections/<int:pk>/", collections.collection, name="cashier-collection"),
    path(f"{desk}collections/<int:pk>/post/", collections.collection_post, name="cashier-collection-post"),
    path(f"{desk}collections/<int:pk>/drop/", collections.collection_drop, name="cashier-collection-drop"),
    path(f"{desk}collections/<int:pk>/again/", collections.collection_again, name="cashier-collection-again"),
    path(f"{desk}day/", collections.day, name="cashier-day"),
    path(f"{desk}day/export/<str:form>/", collections.day_export, name="cashier-day-export"),
    path(of_a_bill, bill.bill, name="cashier-bill"),
    path(f"{of_a_bill}void/", bill.bill_void, name="cashier-bill-void"),
    path(f"{of_a_bill}cancel/", bill.bill_cancel, name="cashier-bill-cancel"),
    path(f"{of_a_bill}reissue/", bill.bill_reissue, name="cashier-bill-reissue"),
    path("<slug:school_slug>/cashier/settings/", agent.collecting_agent, name="cashier-settings"),
]
