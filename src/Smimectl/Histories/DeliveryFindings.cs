namespace Smimectl;

/// <summary>What is to be noticed about what reaches a user's devices. Pure.</summary>
internal static class DeliveryFindings
{
    private const int Named = 3;

    /// <summary>The findings. Nothing is concluded from a membership that is not known.</summary>
    /// <param name="history">The history.</param>
    /// <param name="knowsPolicies">Whether the app policies could be read.</param>
    public static IEnumerable<HistoryFinding> Of(UserHistory history, bool knowsPolicies) =>
        [.. Undelivered(history), .. knowsPolicies ? Halves(history) : [], .. Unknown(history)];

    private static IEnumerable<HistoryFinding> Undelivered(UserHistory history)
    {
        foreach (var purpose in history.Certificates.Where(c => c.IsInTenant).Select(c => c.Purpose).Distinct())
        {
            var routes = history.Routes.Where(r => r.Route.Purpose == purpose).ToList();
            if (routes.TrueForAll(r => r.Verdict.Reach == UserReach.No))
            {
                yield return new HistoryFinding(true, "not-delivered", routes switch
                {
                    [] => $"the tenant has no imported-PKCS profile for {purpose}: no device gets these certificates",
                    _ when routes.TrueForAll(r => r.Route.Reach == DeliveryReach.Nobody) =>
                        $"no imported-PKCS profile for {purpose} is assigned to anybody: no device gets these certificates before one is assigned to a group that this user is in",
                    _ => $"no imported-PKCS profile for {purpose} reaches this user, so no device of theirs gets these certificates: {WayOut(routes.Select(r => r.Verdict), "one")}",
                });
            }
        }
    }

    // Outlook shows an encrypted mail if it was told to and the key is there: one without the other is of no use.
    private static IEnumerable<HistoryFinding> Halves(UserHistory history)
    {
        // Who has no imported certificates may use derived credentials, and misses nothing here.
        if (!history.Certificates.Any(c => c.Purpose == HistoryPurposes.Encryption))
        {
            yield break;
        }

        foreach (var platform in (string[])["iOS", "Android"])
        {
            var routes = history.Routes.Where(r => r.Route.Purpose == HistoryPurposes.Encryption && r.Route.Platform.StartsWith(platform, StringComparison.Ordinal)).ToList();
            var policies = history.Policies.Where(p => p.Platform == platform).ToList();
            if (routes.Count == 0 || policies.Count == 0)
            {
                continue;
            }

            if (routes.Find(r => Reaches(r.Verdict)) is { } route && policies.TrueForAll(p => p.Verdict.Reach == UserReach.No))
            {
                yield return new HistoryFinding(true, "only-profile",
                    $"{route.Route.Label} {Certainly(route.Verdict)} this user, and the policy that switches S/MIME on in Outlook for {platform} does not: the certificates come to the device and Outlook does not use them: {WayOut(policies.Select(p => p.Verdict), "it")}");
            }

            if (policies.Find(p => Reaches(p.Verdict)) is { } policy && routes.TrueForAll(r => r.Verdict.Reach == UserReach.No))
            {
                yield return new HistoryFinding(true, "only-policy",
                    $"{policy.Label} {Certainly(policy.Verdict)} this user and switches S/MIME on in Outlook for {platform}, and no profile brings the imported encryption certificates there, so mail that was encrypted to them stays closed: {WayOut(routes.Select(r => r.Verdict), "one")}");
            }
        }
    }

    private static IEnumerable<HistoryFinding> Unknown(UserHistory history) => history.Routes.Select(r => (Name: r.Route.Label, r.Verdict))
        .Concat(history.Policies.Select(p => (Name: p.Label, p.Verdict)))
        .Where(o => o.Verdict.Reach == UserReach.Unknown)
        .GroupBy(o => o.Verdict.Because, StringComparer.Ordinal)
        .Select(g => new HistoryFinding(false, "reach-unknown", $"whether {Names([.. g.Select(o => o.Name)])} this user is not known: {g.Key}"));

    // Which ones stands above, one by one.
    private static string Names(List<string> names) => names switch
    {
        [var one] => $"{one} reaches",
        { Count: <= Named } => $"{string.Join(", ", names)} reach",
        _ => $"{string.Join(", ", names.Take(Named))} and {names.Count - Named} more reach",
    };

    private static bool Reaches(UserVerdict verdict) => verdict.Reach is UserReach.Yes or UserReach.Device;

    private static string Certainly(UserVerdict verdict) => verdict.Reach == UserReach.Yes ? "reaches" : "may reach";

    // Why stands beside each profile and policy; here stand the ways out, the shortest ones.
    private static string WayOut(IEnumerable<UserVerdict> verdicts, string what)
    {
        var (free, excluded) = (verdicts.Where(v => v.Leave.Count == 0).ToList(), verdicts.Where(v => v.Leave.Count > 0).ToList());
        List<string> ways = [];
        if (Names(free, v => v.Join) is { Length: > 0 } join)
        {
            ways.Add($"put the user into {join}");
        }

        if (Names(excluded.FindAll(v => v.Join.Count == 0), v => v.Leave) is { Length: > 0 } leave)
        {
            ways.Add($"take the user out of {leave}");
        }

        if (ways.Count == 0 && excluded.Count > 0)
        {
            ways.Add($"take the user out of {Names(excluded, v => v.Leave)} and put them into {Names(excluded, v => v.Join)}");
        }

        return string.Join(", or ", ways.Append($"assign {what} to a group that this user is in"));
    }

    private static string Names(IEnumerable<UserVerdict> verdicts, Func<UserVerdict, IReadOnlyList<string>> groups) =>
        string.Join(" or ", verdicts.SelectMany(groups).Distinct(StringComparer.Ordinal));
}
