using System.Text.RegularExpressions;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>A Secret of the escrow, without its data, and whose it is.</summary>
/// <param name="Name">The Secret.</param>
/// <param name="Version">Changes whenever the Secret does.</param>
/// <param name="UserName">The user as the annotation says.</param>
/// <param name="User">The user in the directory.</param>
/// <param name="State">Pending, or Invalid where the annotation is of no use.</param>
/// <param name="Reason">One of <see cref="Reasons"/>, where there is no user.</param>
/// <param name="Message">What is the matter with the user.</param>
internal sealed record EscrowSecret(
    string Name, string Version, string? UserName, DirectoryUser? User, CertificateState State = CertificateState.Pending, string? Reason = null, string? Message = null)
{
    /// <summary>Changes when another judgement of the certificates may come of it.</summary>
    public string UserStamp => User is null ? "" : $"{User.Id} {User.UserPrincipalName} {User.Mail} {string.Join(' ', User.ProxyAddresses)}";
}

/// <summary>Lists the Secrets of an escrow, by name, and finds their users in bulk. Reads no data.</summary>
internal static partial class EscrowSecrets
{
    public static async Task<IReadOnlyList<EscrowSecret>> ListAsync(
        CertificateImport import, IResourceCatalog catalog, TenantSession session, CancellationToken cancellationToken)
    {
        var spec = import.Spec.Users!.FromSecrets;
        var annotated = catalog.FindSecrets(import.Metadata.NamespaceProperty, spec.Selector)
            .Select(s => (Secret: s, User: s.Annotations.GetValueOrDefault(spec.UserAnnotation)?.Trim()))
            .OrderBy(s => s.Secret.Name.Name, StringComparer.Ordinal)
            .ToList();
        var names = annotated.Select(a => a.User).OfType<string>().Where(IsUser).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var before = NamesAtImport(session.Snapshot);
        var users = await UserFinder.FindAsync(
            session.Connection, names, n => before.TryGetValue(n, out var ids) ? ids : [], cancellationToken);
        return [.. annotated.Select(a => Of(a.Secret, a.User, spec.UserAnnotation, users))];
    }

    private static EscrowSecret Of(DataObject secret, string? user, string annotation, IReadOnlyDictionary<string, FoundUser> users)
    {
        var name = secret.Name.Name;
        if (user is null || !IsUser(user))
        {
            return new EscrowSecret(name, secret.Version, null, null, CertificateState.Invalid, Reasons.SourceInvalid, string.IsNullOrEmpty(user)
                ? $"Secret {name}: it has no annotation {annotation}, which names the user"
                : $"Secret {name}: annotation {annotation} names no user; write a principal name, such as alice@contoso.com, or an object id");
        }

        var found = users[user];
        return new EscrowSecret(name, secret.Version, user, found.User, CertificateState.Pending, found.Reason,
            found.User is null ? $"Secret {name}: {found.Message}" : found.Message);
    }

    // Records carry the name that their user had when they were imported, and the object id in their key.
    private static Dictionary<string, List<string>> NamesAtImport(TenantSnapshot snapshot)
    {
        var names = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, records) in snapshot.CertificatesByUser)
        {
            if (Guid.TryParseExact(key, "N", out var id))
            {
                foreach (var name in records.Select(r => r.UserPrincipalName).Distinct(StringComparer.OrdinalIgnoreCase))
                {
                    (names.TryGetValue(name, out var ids) ? ids : names[name] = []).Add(id.ToString("D"));
                }
            }
        }

        return names;
    }

    private static bool IsUser(string text) => Guid.TryParse(text, out _) || (text.Length <= 113 && PrincipalName().IsMatch(text));

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrincipalName();
}
