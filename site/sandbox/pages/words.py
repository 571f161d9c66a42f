"""What the payment pages say, in French and English; the stand-in has no catalogue of its own."""

from django.http import HttpRequest

from sandbox.store import Body

# key: (French, English)
_WORDS = {
    "test_mode": ("Mode test : aucun argent ne circule.", "Test mode: no money moves."),
    "title": ("Paiement", "Payment"),
    "order": ("Votre commande", "Your order"),
    "total": ("Total", "Total"),
    "shipping": ("Livraison", "Shipping"),
    "discount": ("Réduction", "Discount"),
    "tax": ("dont TVA", "including VAT"),
    "wallet": ("Portefeuille de test", "Test wallet"),
    "or": ("ou", "or"),
    "contact": ("Vous", "You"),
    "email": ("E-mail", "Email"),
    "name": ("Nom complet", "Full name"),
    "phone": ("Téléphone", "Phone"),
    "address": ("Adresse de livraison", "Delivery address"),
    "billing": ("Adresse de facturation", "Billing address"),
    "line1": ("Adresse", "Address"),
    "postal_code": ("Code postal", "Postcode"),
    "city": ("Ville", "City"),
    "country": ("Pays", "Country"),
    "means": ("Moyen de paiement", "Payment method"),
    "card": ("Carte bancaire", "Card"),
    "saved": ("Carte enregistrée", "Saved card"),
    "ending": ("se terminant par", "ending in"),
    "sepa": ("Prélèvement SEPA", "SEPA debit"),
    "card_number": ("Numéro de carte", "Card number"),
    "expiry": ("Expiration (MM / AA)", "Expiry (MM / YY)"),
    "cvc": ("Cryptogramme", "Security code"),
    "iban": ("IBAN", "IBAN"),
    "save": ("Enregistrer cette carte", "Save this card"),
    "promo": ("Code promotionnel", "Promotion code"),
    "apply": ("Appliquer", "Apply"),
    "terms": ("J’accepte les conditions de vente", "I agree to the terms of sale"),
    "pay": ("Payer", "Pay"),
    "confirm": ("Confirmer", "Confirm"),
    "subscribe": ("S’abonner", "Subscribe"),
    "book": ("Réserver", "Book"),
    "donate": ("Donner", "Donate"),
    "cancel": ("Revenir à la boutique", "Back to the shop"),
    "cards": ("Cartes de test", "Test cards"),
    "card_paid": ("payée", "paid"),
    "card_declined": ("refusée", "declined"),
    "card_challenge": ("3-D Secure", "3-D Secure"),
    "bank": ("Votre banque", "Your bank"),
    "challenge": (
        "Cette banque de test demande de confirmer le paiement.",
        "This test bank asks you to confirm the payment.",
    ),
    "complete_challenge": ("Confirmer le paiement", "Complete authentication"),
    "fail_challenge": ("Refuser", "Fail authentication"),
    "done": ("Paiement accepté", "Payment accepted"),
    "done_text": ("Merci. Vous pouvez fermer cette page.", "Thank you. You can close this page."),
    "pending": ("Paiement en cours", "Payment under way"),
    "pending_text": (
        "Votre banque confirmera le prélèvement plus tard.",
        "Your bank will confirm the debit later.",
    ),
    "expired": ("Cette page de paiement a expiré", "This payment page has expired"),
    "expired_text": (
        "Rien n’a été débité. Revenez à la boutique pour recommencer.",
        "Nothing was charged. Go back to the shop to start again.",
    ),
    "nowhere": ("Rien à payer ici", "Nothing to pay here"),
    "nowhere_text": ("Cette adresse n’est pas connue.", "This address is not known."),
    "errors": ("Le paiement n’est pas passé.", "The payment did not go through."),
    "missing": ("À remplir.", "Please fill this in."),
    "bad_email": ("Cette adresse e-mail n’est pas complète.", "This email is not complete."),
    "bad_number": (
        "Numéro inconnu : prenez une carte de test.",
        "Unknown number: use a test card.",
    ),
    "bad_expiry": ("Date passée ou incomplète.", "Past or incomplete date."),
    "bad_cvc": ("3 ou 4 chiffres.", "3 or 4 digits."),
    "bad_iban": ("IBAN inconnu : prenez un IBAN de test.", "Unknown IBAN: use a test IBAN."),
    "bad_promo": ("Ce code n’est pas valable.", "This code is not valid."),
    "bad_terms": ("Votre accord est nécessaire.", "Your agreement is needed."),
    "declined": ("Votre carte a été refusée.", "Your card was declined."),
    "insufficient_funds": ("Provision insuffisante.", "Your card has insufficient funds."),
    "expired_card": ("Votre carte a expiré.", "Your card has expired."),
    "incorrect_cvc": ("Le cryptogramme est faux.", "Your card's security code is incorrect."),
    "processing_error": ("La banque ne répond pas, réessayez.", "Processing error, try again."),
    "not_proved": (
        "La banque n’a pas confirmé. Essayez encore ou prenez une autre carte.",
        "The bank did not confirm. Try again or use another card.",
    ),
    "retry": ("Aucun débit. Vous pouvez réessayer.", "Nothing was charged. You can try again."),
}


def language(request: HttpRequest, session: Body | None) -> str:
    """The session's language, else the browser's; French or English."""
    wanted = (session or {}).get("locale") or "auto"
    if wanted == "auto":
        wanted = request.headers.get("Accept-Language", "fr")
    return "en" if wanted.lower().startswith("en") else "fr"


def of(lang: str) -> dict[str, str]:
    return {key: pair[lang == "en"] for key, pair in _WORDS.items()}
