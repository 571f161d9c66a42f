"""Which function answers which address, and which of the SDK's params classes it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox import events, expand
from sandbox.call import Call
from sandbox.resources import (
    account,
    balance,
    catalog,
    charges,
    customers,
    discounts,
    disputes,
    endpoints,
    intents,
    invoices,
    portal,
    rates,
    refunds,
    session_lines,
    sessions,
    subscriptions,
)
from sandbox.store import Body

type Handler = Callable[[Call], Body]


@dataclass(frozen=True)
class Operation:
    method: str
    template: str
    handler: Handler
    params: str


_TABLE: tuple[tuple[str, str, Handler, str], ...] = (
    ("GET", "account", account.retrieve, "_account_retrieve_current.AccountRetrieveCurrent"),
    ("GET", "accounts/{account}", account.retrieve_one, "_account_retrieve.AccountRetrieve"),
    ("GET", "balance_transactions", balance.listed, "_balance_transaction_list.BalanceTransactionList"),
    (
        "GET",
        "balance_transactions/{id}",
        balance.retrieve,
        "_balance_transaction_retrieve.BalanceTransactionRetrieve",
    ),
    ("GET", "charges", charges.listed, "_charge_list.ChargeList"),
    ("GET", "charges/{charge}", charges.retrieve, "_charge_retrieve.ChargeRetrieve"),
    ("POST", "charges/{charge}", charges.update, "_charge_update.ChargeUpdate"),
    ("GET", "checkout/sessions", sessions.listed, "checkout._session_list.SessionList"),
    ("POST", "checkout/sessions", sessions.create, "checkout._session_create.SessionCreate"),
    ("GET", "checkout/sessions/{session}", sessions.retrieve, "checkout._session_retrieve.SessionRetrieve"),
    ("POST", "checkout/sessions/{session}", sessions.update, "checkout._session_update.SessionUpdate"),
    ("POST", "checkout/sessions/{session}/expire", sessions.expire, "checkout._session_expire.SessionExpire"),
    (
        "GET",
        "checkout/sessions/{session}/line_items",
        session_lines.listed,
        "checkout._session_line_item_list.SessionLineItemList",
    ),
    ("GET", "coupons", discounts.list_coupons, "_coupon_list.CouponList"),
    ("POST", "coupons", discounts.create_coupon, "_coupon_create.CouponCreate"),
    ("GET", "coupons/{coupon}", discounts.retrieve_coupon, "_coupon_retrieve.CouponRetrieve"),
    ("POST", "coupons/{coupon}", discounts.update_coupon, "_coupon_update.CouponUpdate"),
    ("DELETE", "coupons/{coupon}", discounts.delete_coupon, "_coupon_delete.CouponDelete"),
    ("GET", "customers", customers.listed, "_customer_list.CustomerList"),
    ("POST", "customers", customers.create, "_customer_create.CustomerCreate"),
    ("GET", "customers/{customer}", customers.retrieve, "_customer_retrieve.CustomerRetrieve"),
    ("POST", "customers/{customer}", customers.update, "_customer_update.CustomerUpdate"),
    ("DELETE", "customers/{customer}", subscriptions.delete_customer, "_customer_delete.CustomerDelete"),
    (
        "GET",
        "customers/{customer}/payment_methods",
        customers.list_customer_methods,
        "_customer_payment_method_list.CustomerPaymentMethodList",
    ),
    ("GET", "disputes", disputes.listed, "_dispute_list.DisputeList"),
    ("GET", "disputes/{dispute}", disputes.retrieve, "_dispute_retrieve.DisputeRetrieve"),
    ("POST", "disputes/{dispute}", disputes.update, "_dispute_update.DisputeUpdate"),
    ("POST", "disputes/{dispute}/close", disputes.close, "_dispute_close.DisputeClose"),
    (
        "GET",
        "radar/early_fraud_warnings/{early_fraud_warning}",
        disputes.retrieve_warning,
        "radar._early_fraud_warning_retrieve.EarlyFraudWarningRetrieve",
    ),
    ("GET", "events", events.listed, "_event_list.EventList"),
    ("GET", "events/{id}", events.retrieve, "_event_retrieve.EventRetrieve"),
    (
        "GET",
        "billing_portal/configurations",
        portal.list_configurations,
        "billing_portal._configuration_list.ConfigurationList",
    ),
    (
        "POST",
        "billing_portal/configurations",
        portal.create_configuration,
        "billing_portal._configuration_create.ConfigurationCreate",
    ),
    (
        "GET",
        "billing_portal/configurations/{configuration}",
        portal.retrieve_configuration,
        "billing_portal._configuration_retrieve.ConfigurationRetrieve",
    ),
    (
        "POST",
        "billing_portal/configurations/{configuration}",
        portal.update_configuration,
        "billing_portal._configuration_update.ConfigurationUpdate",
    ),
    ("POST", "billing_portal/sessions", portal.create, "billing_portal._session_create.SessionCreate"),
    ("GET", "invoice_payments", invoices.list_payments, "_invoice_payment_list.InvoicePaymentList"),
    (
        "GET",
        "invoice_payments/{invoice_payment}",
        invoices.retrieve_payment,
        "_invoice_payment_retrieve.InvoicePaymentRetrieve",
    ),
    ("GET", "invoices", invoices.listed, "_invoice_list.InvoiceList"),
    ("GET", "invoices/{invoice}", invoices.retrieve, "_invoice_retrieve.InvoiceRetrieve"),
    ("POST", "invoices/{invoice}", invoices.update, "_invoice_update.InvoiceUpdate"),
    (
        "POST",
        "invoices/{invoice}/finalize",
        invoices.finalize,
        "_invoice_finalize_invoice.InvoiceFinalizeInvoice",
    ),
    ("POST", "invoices/{invoice}/pay", invoices.pay, "_invoice_pay.InvoicePay"),
    ("POST", "invoices/{invoice}/void", invoices.void, "_invoice_void_invoice.InvoiceVoidInvoice"),
    ("GET", "invoices/{invoice}/lines", invoices.list_lines, "_invoice_line_item_list.InvoiceLineItemList"),
    ("GET", "payment_intents", intents.listed, "_payment_intent_list.PaymentIntentList"),
    ("POST", "payment_intents", intents.create, "_payment_intent_create.PaymentIntentCreate"),
    ("GET", "payment_intents/{intent}", intents.retrieve, "_payment_intent_retrieve.PaymentIntentRetrieve"),
    ("POST", "payment_intents/{intent}", intents.update, "_payment_intent_update.PaymentIntentUpdate"),
    ("POST", "payment_intents/{intent}/cancel", intents.cancel, "_payment_intent_cancel.PaymentIntentCancel"),
    (
        "POST",
        "payment_intents/{intent}/capture",
        intents.capture,
        "_payment_intent_capture.PaymentIntentCapture",
    ),
    (
        "POST",
        "payment_intents/{intent}/confirm",
        intents.confirm,
        "_payment_intent_confirm.PaymentIntentConfirm",
    ),
    (
        "GET",
        "payment_method_domains",
        account.list_domains,
        "_payment_method_domain_list.PaymentMethodDomainList",
    ),
    (
        "POST",
        "payment_method_domains",
        account.create_domain,
        "_payment_method_domain_create.PaymentMethodDomainCreate",
    ),
    (
        "GET",
        "payment_method_domains/{payment_method_domain}",
        account.retrieve_domain,
        "_payment_method_domain_retrieve.PaymentMethodDomainRetrieve",
    ),
    (
        "POST",
        "payment_method_domains/{payment_method_domain}",
        account.update_domain,
        "_payment_method_domain_update.PaymentMethodDomainUpdate",
    ),
    (
        "POST",
        "payment_method_domains/{payment_method_domain}/validate",
        account.retrieve_domain,
        "_payment_method_domain_validate.PaymentMethodDomainValidate",
    ),
    ("GET", "payment_methods", customers.list_methods, "_payment_method_list.PaymentMethodList"),
    (
        "GET",
        "payment_methods/{payment_method}",
        customers.retrieve_method,
        "_payment_method_retrieve.PaymentMethodRetrieve",
    ),
    (
        "POST",
        "payment_methods/{payment_method}/attach",
        customers.attach,
        "_payment_method_attach.PaymentMethodAttach",
    ),
    (
        "POST",
        "payment_methods/{payment_method}/detach",
        customers.detach,
        "_payment_method_detach.PaymentMethodDetach",
    ),
    ("GET", "prices", catalog.list_prices, "_price_list.PriceList"),
    ("POST", "prices", catalog.create_price, "_price_create.PriceCreate"),
    ("GET", "prices/{price}", catalog.retrieve_price, "_price_retrieve.PriceRetrieve"),
    ("POST", "prices/{price}", catalog.update_price, "_price_update.PriceUpdate"),
    ("GET", "products", catalog.list_products, "_product_list.ProductList"),
    ("POST", "products", catalog.create_product, "_product_create.ProductCreate"),
    ("GET", "products/{id}", catalog.retrieve_product, "_product_retrieve.ProductRetrieve"),
    ("POST", "products/{id}", catalog.update_product, "_product_update.ProductUpdate"),
    ("DELETE", "products/{id}", catalog.delete_product, "_product_delete.ProductDelete"),
    ("GET", "promotion_codes", discounts.list_codes, "_promotion_code_list.PromotionCodeList"),
    ("POST", "promotion_codes", discounts.create_code, "_promotion_code_create.PromotionCodeCreate"),
    (
        "GET",
        "promotion_codes/{promotion_code}",
        discounts.retrieve_code,
        "_promotion_code_retrieve.PromotionCodeRetrieve",
    ),
    (
        "POST",
        "promotion_codes/{promotion_code}",
        discounts.update_code,
        "_promotion_code_update.PromotionCodeUpdate",
    ),
    ("GET", "refunds", refunds.listed, "_refund_list.RefundList"),
    ("POST", "refunds", refunds.create, "_refund_create.RefundCreate"),
    ("GET", "refunds/{refund}", refunds.retrieve, "_refund_retrieve.RefundRetrieve"),
    ("POST", "refunds/{refund}", refunds.update, "_refund_update.RefundUpdate"),
    ("POST", "refunds/{refund}/cancel", refunds.cancel, "_refund_cancel.RefundCancel"),
    ("GET", "shipping_rates", rates.list_shipping_rates, "_shipping_rate_list.ShippingRateList"),
    ("POST", "shipping_rates", rates.create_shipping_rate, "_shipping_rate_create.ShippingRateCreate"),
    (
        "GET",
        "shipping_rates/{shipping_rate_token}",
        rates.retrieve_shipping_rate,
        "_shipping_rate_retrieve.ShippingRateRetrieve",
    ),
    (
        "POST",
        "shipping_rates/{shipping_rate_token}",
        rates.update_shipping_rate,
        "_shipping_rate_update.ShippingRateUpdate",
    ),
    ("GET", "subscription_items", subscriptions.list_items, "_subscription_item_list.SubscriptionItemList"),
    (
        "GET",
        "subscription_items/{item}",
        subscriptions.retrieve_item,
        "_subscription_item_retrieve.SubscriptionItemRetrieve",
    ),
    ("GET", "subscriptions", subscriptions.listed, "_subscription_list.SubscriptionList"),
    (
        "GET",
        "subscriptions/{subscription_exposed_id}",
        subscriptions.retrieve,
        "_subscription_retrieve.SubscriptionRetrieve",
    ),
    (
        "POST",
        "subscriptions/{subscription_exposed_id}",
        subscriptions.update,
        "_subscription_update.SubscriptionUpdate",
    ),
    (
        "DELETE",
        "subscriptions/{subscription_exposed_id}",
        subscriptions.cancel,
        "_subscription_cancel.SubscriptionCancel",
    ),
    ("GET", "tax_rates", rates.list_tax_rates, "_tax_rate_list.TaxRateList"),
    ("POST", "tax_rates", rates.create_tax_rate, "_tax_rate_create.TaxRateCreate"),
    ("GET", "tax_rates/{tax_rate}", rates.retrieve_tax_rate, "_tax_rate_retrieve.TaxRateRetrieve"),
    ("POST", "tax_rates/{tax_rate}", rates.update_tax_rate, "_tax_rate_update.TaxRateUpdate"),
    ("GET", "webhook_endpoints", endpoints.listed, "_webhook_endpoint_list.WebhookEndpointList"),
    ("POST", "webhook_endpoints", endpoints.create, "_webhook_endpoint_create.WebhookEndpointCreate"),
    (
        "GET",
        "webhook_endpoints/{webhook_endpoint}",
        endpoints.retrieve,
        "_webhook_endpoint_retrieve.WebhookEndpointRetrieve",
    ),
    (
        "POST",
        "webhook_endpoints/{webhook_endpoint}",
        endpoints.update,
        "_webhook_endpoint_update.WebhookEndpointUpdate",
    ),
    (
        "DELETE",
        "webhook_endpoints/{webhook_endpoint}",
        endpoints.delete,
        "_webhook_endpoint_delete.WebhookEndpointDelete",
    ),
)


def _operation(method: str, rest: str, handler: Handler, name: str) -> Operation:
    """``name`` stands for ``<name>_params.<Class>Params``."""
    module, _, kind = name.rpartition(".")
    return Operation(method, f"/v1/{rest}", handler, f"{module}_params.{kind}Params")


OPERATIONS = tuple(_operation(*row) for row in _TABLE)
_PATTERNS = tuple(
    (one, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", one.template) + r"/?\Z")) for one in OPERATIONS
)


def find(method: str, path: str) -> tuple[Operation | None, dict[str, str]]:
    """The operation of an address, and the ids in it."""
    for operation, pattern in _PATTERNS:
        match = pattern.match(path)
        if match and operation.method == method:
            return operation, match.groupdict()
    return None, {}


expand.HIDDEN.update(
    {
        ("checkout.session", "line_items"): session_lines.shown,
        ("checkout.session", "total_details.breakdown"): session_lines.breakdown,
        ("customer", "sources"): customers.nothing("sources"),
        ("customer", "subscriptions"): subscriptions.of_customer,
        ("customer", "tax_ids"): customers.nothing("tax_ids"),
        ("invoice", "confirmation_secret"): lambda _: None,
        ("price", "currency_options"): catalog.currency_options,
        ("item", "taxes"): session_lines.taxes,
        ("item", "discounts"): session_lines.item_discounts,
        ("charge", "refunds"): charges.refunds_of,
        ("coupon", "applies_to"): discounts.applies_to,
        ("invoice", "payments"): invoices.payments_of,
    }
)
