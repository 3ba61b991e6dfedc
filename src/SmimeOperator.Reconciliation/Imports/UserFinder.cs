using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Who a name in a spec or annotation means today.</summary>
/// <param name="User">The user; null where there is none, or none for sure.</param>
/// <param name="Reason">One of <see cref="Reasons"/>, where there is none.</param>
/// <param name="Message">What is the matter; also where the user was found and something is worth knowing.</param>
internal sealed record FoundUser(DirectoryUser? User, string? Reason = null, string? Message = null);

/// <summary>
/// Finds the users whom names mean. A name is not an identity: a user who was renamed is followed by object id, and a name that another
/// person bears by now is not taken for the same user, for that would hand one person's key to another.
/// </summary>
internal static class UserFinder
{
    /// <summary>Finds users.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="names">Principal names or object ids.</param>
    /// <param name="idsOf">The object ids that a name stood for at earlier imports, as far as that is known.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<IReadOnlyDictionary<string, FoundUser>> FindAsync(
        IIntuneTenant tenant, IReadOnlyCollection<string> names, Func<string, IReadOnlyCollection<string>> idsOf, CancellationToken cancellationToken)
    {
        var byName = await tenant.FindUsersAsync([.. names.Where(n => !IsId(n))], cancellationToken);
        var before = names.Where(n => !IsId(n)).Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(n => n, n => idsOf(n).Where(id => !SameId(id, byName.GetValueOrDefault(n)?.Id)).ToList(), StringComparer.OrdinalIgnoreCase);
        List<string> ids = [.. names.Where(IsId).Concat(before.Values.SelectMany(b => b)).Distinct(StringComparer.OrdinalIgnoreCase)];
        var byId = ids.Count == 0 ? new Dictionary<string, DirectoryUser>() : await tenant.FindUsersByIdAsync(ids, cancellationToken);
        return names.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(
            n => n,
            n => IsId(n)
                ? byId.GetValueOrDefault(n) is { } user ? new FoundUser(user) : Missing(n)
                : Judge(n, byName.GetValueOrDefault(n), before[n], byId),
            StringComparer.OrdinalIgnoreCase);
    }

    private static FoundUser Judge(string name, DirectoryUser? bearer, List<string> before, IReadOnlyDictionary<string, DirectoryUser> byId)
    {
        var others = before.Select(id => byId.GetValueOrDefault(id)).OfType<DirectoryUser>().ToList();
        return (bearer, others) switch
        {
            ({ } user, []) => new FoundUser(user, Message: Remark(user)),
            ({ } user, _) => new FoundUser(null, Reasons.AmbiguousMatch,
                $"{name} was user {others[0].Id}, who is now {others[0].UserPrincipalName}, and is user {user.Id} today; write the name or object id of the one you mean"),
            (null, [{ } renamed]) => new FoundUser(renamed, Message: $"{name} is called {renamed.UserPrincipalName} now, and is followed by object id"),
            (null, []) => before.Count > 0
                ? new FoundUser(null, Reasons.UserDeleted, $"user {name} was deleted from the directory; what was imported stays in the tenant")
                : Missing(name),
            _ => new FoundUser(null, Reasons.AmbiguousMatch,
                $"{name} was each of the users {string.Join(", ", others.Select(o => o.Id))}; write the object id of the one you mean"),
        };
    }

    private static FoundUser Missing(string name) => new(null, Reasons.UserNotFound, $"there is no user {name} in the directory");

    private static string? Remark(DirectoryUser user) => (user.AccountEnabled, user.IsGuest) switch
    {
        (false, _) => $"the account of {user.UserPrincipalName} is disabled",
        (_, true) => $"{user.UserPrincipalName} is a guest",
        _ => null,
    };

    private static bool IsId(string name) => Guid.TryParse(name, out _);

    private static bool SameId(string one, string? other) => Guid.TryParse(one, out var a) && Guid.TryParse(other, out var b) && a == b;
}
