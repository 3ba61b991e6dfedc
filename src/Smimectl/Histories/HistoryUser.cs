using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Nobody is meant by a name, or several are.</summary>
internal sealed class UnknownUserException(string message) : RefusalException(message);

/// <summary>The user whose history is told.</summary>
/// <param name="Id">The object id.</param>
/// <param name="Name">The principal name of today; of the newest record where the directory knows the user no more.</param>
/// <param name="Names">Every name that records of this user bear, today's first.</param>
/// <param name="Remarks">What is worth knowing of the account.</param>
internal sealed record HistoryUser(string Id, string Name, IReadOnlyList<string> Names, IReadOnlyList<string> Remarks)
{
    private const int MostSuggestions = 3;

    /// <summary>Finds a user by principal name (any letter case) or object id; one who was deleted from the directory by what is left in the tenant.</summary>
    /// <exception cref="UnknownUserException">Nobody is called like that, or nobody for sure.</exception>
    /// <exception cref="TenantException">The directory cannot be read.</exception>
    public static async Task<HistoryUser> FindAsync(string wanted, TenantView view, IReadOnlyCollection<string> stated, CancellationToken cancellationToken)
    {
        var isId = Guid.TryParse(wanted, out var id);
        var found = isId
            ? (await view.Tenant.Connection.FindUsersByIdAsync([id.ToString("D")], cancellationToken)).Values.FirstOrDefault()
            : (await view.Tenant.Connection.FindUsersAsync([wanted], cancellationToken)).Values.FirstOrDefault();
        var bearers = isId ? [] : view.Snapshot.CertificatesByUser.Where(u => u.Value.Any(r => Same(r.UserPrincipalName, wanted))).Select(u => u.Key).ToList();
        if (found is not null)
        {
            var others = bearers.Where(k => k != ImportedCertificate.UserKeyOf(found.Id)).Select(IdOf).ToList();
            return Of(found.Id, found.UserPrincipalName, view.Snapshot, [.. RemarksOn(found), .. others.Select(o => $"records of user {o} bear the name {wanted} too: somebody who was called so before; look with that object id")]);
        }

        List<string> keys = isId ? (view.Snapshot.CertificatesOf(id.ToString("D")).Count > 0 ? [id.ToString("N")] : []) : bearers;
        return keys switch
        {
            [var key] => Of(IdOf(key), view.Snapshot.CertificatesByUser[key].OrderByDescending(r => r.ExpirationDateTime).First().UserPrincipalName, view.Snapshot,
                ["the directory does not know this user (deleted, or renamed): what is told comes from records that are left in the tenant"]),
            [] => throw new UnknownUserException(Unknown(wanted, view.Snapshot, stated)),
            _ => throw new UnknownUserException($"{wanted} is in the directory no more, and records of several users bear that name: look with one of the object ids {string.Join(", ", keys.Select(IdOf))}"),
        };
    }

    /// <summary>Whether a name in git means this user: a principal name or an object id.</summary>
    public bool IsMeantBy(string? name) =>
        name is not null && (Guid.TryParse(name, out var id) ? Guid.TryParse(Id, out var mine) && id == mine : Names.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>An object id from its form in the snapshot.</summary>
    public static string IdOf(string key) => Guid.TryParseExact(key, "N", out var id) ? id.ToString("D") : key;

    private static HistoryUser Of(string id, string name, TenantSnapshot snapshot, IReadOnlyList<string> remarks) =>
        new(id, name, [.. snapshot.CertificatesOf(id).Select(r => r.UserPrincipalName).Prepend(name).Distinct(StringComparer.OrdinalIgnoreCase)], remarks);

    private static IEnumerable<string> RemarksOn(DirectoryUser user)
    {
        if (user.AccountEnabled == false)
        {
            yield return "the account is disabled";
        }

        if (user.IsGuest)
        {
            yield return "the user is a guest";
        }
    }

    private static string Unknown(string wanted, TenantSnapshot snapshot, IReadOnlyCollection<string> stated)
    {
        if (stated.FirstOrDefault(s => Same(s, wanted)) is not null)
        {
            return $"the directory has no user {wanted}, although the folder names them: not created yet, deleted, or renamed (look for the new name, or use the object id)";
        }

        var start = wanted.Split('@')[0];
        var alike = snapshot.CertificatesByUser.Values.SelectMany(r => r).Select(r => r.UserPrincipalName).Concat(stated)
            .Where(n => start.Length > 1 && (n.Contains(start, StringComparison.OrdinalIgnoreCase) || start.Contains(n.Split('@')[0], StringComparison.OrdinalIgnoreCase)))
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).Take(MostSuggestions).ToList();
        return $"there is no user {wanted} in the directory, and nothing of that name in the tenant or the folder"
            + (alike.Count > 0 ? $"; did you mean {string.Join(" or ", alike)}?" : "; write the principal name (such as alice@contoso.com) or the object id that the portal shows");
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
