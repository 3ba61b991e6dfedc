using System.Globalization;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>What exists in the tenant, in one sentence, as statuses tell it.</summary>
internal static class TenantSummary
{
    public static string Of(BoardView view)
    {
        var owned = view.Records.Where(r => r.Entity is SmimePolicy).SelectMany(r => r.Status?.Objects ?? []).ToList();
        var apps = owned.Count(o => o.Role == "app");
        // An app that was there already is assigned, and not owned by any policy.
        var assigned = view.Records.Where(r => r.Entity is Assignment).SelectMany(r => r.Status?.Objects ?? []).Where(o => o.Role is "app" or "android/app").Select(o => o.Id);
        var imports = view.Records.Select(r => r.Status).OfType<CertificateImportStatus>().ToList();
        var assignments = view.Records.Where(r => ReadyState.IsReady(r)).Select(r => r.Entity).OfType<Assignment>().Select(a => a.Spec).ToList();
        var include = assignments.SelectMany(a => a.Include).ToList();
        var groups = include.Where(i => i.Group is not null).Select(i => i.Group!.Id ?? i.Group.DisplayName).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var excluded = assignments.SelectMany(a => a.Exclude ?? []).Select(e => e.Group.Id ?? e.Group.DisplayName).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        List<string> parts =
        [
            Count(Math.Max(apps, assigned.Distinct().Count()), "app"),
            Count(owned.Count(o => Is(o, "root/")), "root"),
            Count(owned.Count(o => Is(o, "profile/")), "profile"),
            Count(owned.Count(o => o.Role is "app-policy" or "android/app-policy"), "app policy", "app policies"),
            $"{Count(imports.Sum(i => i.Counts?.Imported ?? 0), "imported certificate")} for {Count(imports.Select(i => i.UserId).OfType<string>().Distinct().Count(), "user")}",
        ];
        var people = new List<string>();
        if (groups > 0 || include.Count == 0)
        {
            people.Add(Count(groups, "group"));
        }

        people.AddRange(include.Any(i => i.AllUsers == true) ? ["all users"] : []);
        people.AddRange(include.Any(i => i.AllDevices == true) ? ["all devices"] : []);
        var sentence = $"{string.Join(", ", parts)}, assigned to {string.Join(" and ", people)}";
        return excluded > 0 ? $"{sentence} and kept from {excluded}" : sentence;
    }

    // Roles of other platforms than iOS begin with the platform.
    private static bool Is(OwnedObject owned, string part) =>
        owned.Role.StartsWith(part, StringComparison.Ordinal) || owned.Role.Contains("/" + part, StringComparison.Ordinal);

    /// <summary>The sentence for the moment when everything is as the manifests say for the first time.</summary>
    public static string Converged(BoardView view, TimeSpan after, int writes) =>
        string.Create(CultureInfo.InvariantCulture, $"{Of(view)} in {after.TotalSeconds:0.0} s, {Count(writes, "write")}");

    private static string Count(int number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many ?? one + "s")}");
}
