namespace SmimeOperator.Intune;

/// <summary>An imported certificate as the tenant shows it (userPFXCertificate, less what never comes back). Small: a tenant holds tens of thousands.</summary>
/// <param name="Id">The natural key: the user's object id without dashes, a dash, the thumbprint.</param>
/// <param name="UserPrincipalName">The user, as stored at import.</param>
/// <param name="Thumbprint">SHA-1, as stored.</param>
/// <param name="IntendedPurpose">smimeEncryption, smimeSigning or what else the service says.</param>
/// <param name="StartDateTime">Start of validity.</param>
/// <param name="ExpirationDateTime">End of validity.</param>
/// <param name="ProviderName">The connector's key storage provider.</param>
/// <param name="KeyName">The connector's key.</param>
/// <param name="PaddingScheme">How the password was encrypted.</param>
public sealed record ImportedCertificate(
    string Id,
    string UserPrincipalName,
    string Thumbprint,
    string IntendedPurpose,
    DateTimeOffset StartDateTime,
    DateTimeOffset ExpirationDateTime,
    string? ProviderName,
    string? KeyName,
    string? PaddingScheme)
{
    /// <summary>The user's object id without dashes, from the natural key; empty when the key has another form.</summary>
    public string UserKey => Id.Length > 33 && Id[32] == '-' ? Id[..32] : "";

    /// <summary>The natural key that the service makes.</summary>
    public static string IdOf(string userId, string thumbprint) => userId.Replace("-", "", StringComparison.Ordinal) + "-" + thumbprint;

    /// <summary>A user's object id as the natural key has it.</summary>
    public static string UserKeyOf(string userId) => userId.Replace("-", "", StringComparison.Ordinal);
}
