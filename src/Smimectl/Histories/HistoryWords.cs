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

    /// <summary>What reaches devices, what is not known about it, and by which profiles.</summary>
    public static (string Sentence, IReadOnlyList<string> Routes) Delivery(string purpose, UserHistory history)
    {
        var routes = history.Routes.Where(r => r.Purpose == purpose && r.Reach != DeliveryReach.Nobody).ToList();
        if (routes.Count == 0)
        {
            return (history.Unread.Count > 0 && history.Routes.Count == 0
                ? "not known: the profiles were not found in what could be read."
                : "nothing, because no imported-PKCS profile of this purpose is assigned.", []);
        }

        return (routes.Exists(r => r.Reach == DeliveryReach.Everybody)
            ? "everything of this purpose in the tenant."
            : "everything of this purpose in the tenant, if one of these profiles reaches the user; who is in a group is not read.", [.. routes.Select(r => r.Describe())]);
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
