"""What django-allauth's second factor is told of this house: what is sealed, and names that people read."""

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter

from accounts import factors
from accounts.models import Account
from themes.brand import brand_of, format_telephone


class SecondFactor(DefaultMFAAdapter):
    """Secrets are sealed; an application and a browser show the site's name and the account's contact."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal it."""
        return factors.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The site's name, as its pages say it."""
        return self._get_site_name()

    def _get_site_name(self) -> str:
        return brand_of(context.request).name

    def _get_user_identifier(self, user: Account) -> str:
        return user.email or (format_telephone(user.phone) if user.phone else str(user))

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, object]:
        """Who a passkey is of: a number that says nothing, and what its owner reads in the browser's own window."""
        who = self._get_user_identifier(user)
        return {"id": user.uid.bytes, "display_name": user.get_full_name() or who, "name": who}
