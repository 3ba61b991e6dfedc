using System.Globalization;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>Writes a history in one form.</summary>
internal interface IHistoryWriter
{
    void Write(UserHistory history, TextWriter output);
}

/// <summary>A history in words, the same in every form.</summary>
internal static class HistoryWords
{
    private const int DaysInMonth = 30;
    private const int DaysInYear = 365;

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>To the second, for programs.</summary>
    public static string Second(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Validity(HistoryCertificate certificate, DateTimeOffset now) => certificate.Validity switch
    {
        HistoryValidity.Expired => $"expired {Span(now - certificate.NotAfter)} ago",
        HistoryValidity.NotYetValid => $"valid in {Span(certificate.NotBefore - now)}",
        HistoryValidity.Expiring => $"ends in {Span(certificate.NotAfter - now)}",
        _ => $"valid, {Span(certificate.NotAfter - now)} left",
    };

    public static string Place(HistoryCertificate certificate)
    {
        var sources = string.Join(", ", certificate.Sources.Select(s => $"{s.Import}: {s.Source}{(s.State is CertificateState.Refused or CertificateState.Invalid ? ", refused" : "")}"));
        return certificate.Place switch
        {
            HistoryPlace.Both => $"in the tenant and in git ({sources})",
            HistoryPlace.TenantOnly => "only in the tenant",
            HistoryPlace.GitOnly => $"only in git ({sources})",
            HistoryPlace.Lost => "gone from the tenant, and no source is left",
            _ => $"in git ({sources}); whether the tenant holds it is not known",
        };
    }

    public static string Key(HistoryCertificate certificate) => certificate.Key switch
    {
        HistoryKey.Today => "encrypted to today's connector key",
        HistoryKey.Other => $"encrypted to another connector key ({certificate.Record?.KeyName})",
        HistoryKey.SameName => "connector key of the same name as today's (the service does not show the key itself)",
        HistoryKey.Unknown => "the Tenant names no connector key to compare with",
        _ => "not encrypted to any connector key yet",
    };

    /// <summary>Whether a certificate comes to the user's devices: the best that any profile does. What is not in the tenant comes to nobody.</summary>
    public static UserReach Reach(HistoryCertificate certificate, UserHistory history)
    {
        var verdicts = history.Routes.Where(r => r.Route.Purpose == certificate.Purpose).Select(r => r.Verdict.Reach).ToList();
        return (certificate.Place, verdicts) switch
        {
            (HistoryPlace.GitOnly or HistoryPlace.Lost, _) => UserReach.No,
            (HistoryPlace.Unknown, _) => UserReach.Unknown,
            (_, []) => history.Unread.Count > 0 && history.Routes.Count == 0 ? UserReach.Unknown : UserReach.No,
            _ => verdicts.Min(),
        };
    }

    /// <summary>What reaches devices, and by which profiles: each with what it does for this user.</summary>
    public static (string Sentence, IReadOnlyList<UserRoute> Routes) Delivery(string purpose, UserHistory history)
    {
        var routes = history.Routes.Where(r => r.Route.Purpose == purpose && r.Route.Reach != DeliveryReach.Nobody).ToList();
        if (routes.Count == 0)
        {
            return (history.Unread.Count > 0 && history.Routes.Count == 0
                ? "not known: the profiles were not found in what could be read."
                : "nothing, because no imported-PKCS profile of this purpose is assigned.", []);
        }

        // A person asks about one device: what an iPhone gets says nothing of a laptop.
        var platforms = routes.GroupBy(r => r.Route.Platform).ToLookup(g => g.Min(r => r.Verdict.Reach), g => g.Key);
        var parts = new (UserReach Reach, string Words)[]
        {
            (UserReach.Yes, "everything of this purpose in the tenant"), (UserReach.Device, "as the device decides"), (UserReach.Unknown, "not known what"), (UserReach.No, "nothing"),
        };
        return (string.Join("; ", parts.Where(p => platforms.Contains(p.Reach)).Select(p => $"{p.Words} on {string.Join(", ", platforms[p.Reach])}")) + ".", routes);
    }

    private static string Span(TimeSpan span) => span.TotalDays switch
    {
        < 1 => "less than a day",
        < 2 * DaysInMonth => Count((int)span.TotalDays, "day"),
        < 2 * DaysInYear => Count((int)(span.TotalDays / DaysInMonth), "month"),
        _ => Count((int)(span.TotalDays / DaysInYear), "year"),
    };

    private static string Count(int number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");
}
