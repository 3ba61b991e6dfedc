using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>The tenant's issuer of derived credentials (Graph deviceManagementDerivedCredentialSettings). Read and referred to, never written.</summary>
/// <param name="Id">Its id.</param>
/// <param name="DisplayName">Its name; not unique by rule.</param>
/// <param name="Issuer">intercede, entrustDatacard, purebred or xTec.</param>
/// <param name="NotificationType">How people are told to fetch their credential: none, or companyPortal and email, comma-joined.</param>
/// <param name="HelpUrl">Where people find help; null where the tenant names nothing.</param>
/// <param name="RenewalThresholdPercentage">Percent of the validity that is left when the device renews.</param>
public sealed record DerivedCredentialIssuer(
    string Id, string DisplayName, string Issuer, string NotificationType, string? HelpUrl, int? RenewalThresholdPercentage)
{
    /// <summary>Where the issuer is found, from the version's root on, unless a tenant's owner knows better; {id} stands for its id.</summary>
    public const string DefaultPath = "/deviceManagement/derivedCredentials('{id}')";

    internal static DerivedCredentialIssuer Read(JsonElement item) => new(
        GraphJson.IdOf(item),
        GraphJson.Text(item, "displayName") ?? "",
        GraphJson.Text(item, "issuer") ?? "",
        GraphJson.Text(item, "notificationType") ?? "none",
        GraphJson.Text(item, "helpUrl"),
        item.TryGetProperty("renewalThresholdPercentage", out var percent) && percent.ValueKind == JsonValueKind.Number ? percent.GetInt32() : null);
}
