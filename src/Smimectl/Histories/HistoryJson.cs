using System.Text.Json;

namespace Smimectl;

/// <summary>A history for programs.</summary>
internal sealed class HistoryJson : IHistoryWriter
{
    private static readonly JsonSerializerOptions Pretty = new(KindModel.Json) { WriteIndented = true };

    public void Write(UserHistory history, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            User = new { history.User.Id, UserPrincipalName = history.User.Name, history.User.Names, history.User.Remarks },
            history.Tenant,
            ReadAt = HistoryWords.Second(history.ReadAt),
            Complete = history.Unread.Count == 0,
            history.Unread,
            Certificates = history.Certificates.Select(c => new
            {
                c.Thumbprint,
                c.Purpose,
                NotBefore = HistoryWords.Second(c.NotBefore),
                NotAfter = HistoryWords.Second(c.NotAfter),
                c.Validity,
                c.Place,
                ConnectorKey = new { State = c.Key, Name = c.Record?.KeyName, Provider = c.Record?.ProviderName, c.Record?.PaddingScheme },
                c.Subject,
                c.Serial,
                c.Sources,
            }),
            Deliveries = history.Routes.Select(r => new
            {
                r.Route.Profile, r.Route.Id, r.Route.Platform, r.Route.Purpose, r.Route.Owner, r.Route.Reach, r.Route.To, r.Route.Except,
                ReachesUser = r.Verdict.Reach, r.Verdict.Because,
            }),
            AppPolicies = history.Policies.Select(p => new { p.Policy, p.Id, p.Platform, p.Owner, ReachesUser = p.Verdict.Reach, p.Verdict.Because }),
            history.Imports,
            Findings = history.Findings.Select(f => new { f.Kind, Problem = f.IsProblem, f.Message }),
        },
        Pretty));
}
