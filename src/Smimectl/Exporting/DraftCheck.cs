using System.Text.RegularExpressions;
using k8s.Models;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>
/// Holds a draft against what it is for: the manifest must be valid, and the operator's own planner must find nothing to change. What stands in the
/// way is left out, until nothing does.
/// </summary>
internal sealed partial class DraftCheck(TenantView view)
{
    private readonly string _namespace = view.Resource.Metadata.NamespaceProperty;

    /// <summary>The spec of the draft, once nothing of it would change the tenant; null where no policy is left, and why.</summary>
    public async Task<(SmimePolicySpec? Spec, string? Problem)> SettleAsync(PolicyDraft draft, CancellationToken cancellationToken)
    {
        while (true)
        {
            var spec = draft.Spec(view.Resource.Metadata.Name, view.Resource.Spec.Undocumented);
            var faults = Unreadable(draft, spec);
            if (faults.Count == 0)
            {
                faults = await UnplannedAsync(draft, spec, cancellationToken);
            }

            if (faults.Count == 0)
            {
                return (spec, null);
            }

            var (role, reason) = faults[0];
            if (!draft.Drop(role, reason))
            {
                return (null, reason);
            }
        }
    }

    // What the schema refuses, by the part of the spec that it stands in.
    private List<(string Role, string Reason)> Unreadable(PolicyDraft draft, SmimePolicySpec spec)
    {
        var read = new ManifestReader(DataVersions.Passing()).Read("", ExportManifests.Policy(draft, spec, [], _namespace));
        return [.. read.Problems.Select(p => (RoleOf(draft, p.Message), p.Message))];
    }

    private async Task<List<(string Role, string Reason)>> UnplannedAsync(PolicyDraft draft, SmimePolicySpec spec, CancellationToken cancellationToken)
    {
        var policy = new SmimePolicy
        {
            Metadata = new V1ObjectMeta { Name = draft.Name, NamespaceProperty = _namespace, Uid = "export-" + draft.Name, Generation = 1 },
            Spec = spec,
        };
        var outcome = await view.PlanAsync(policy, new ExportCatalog(view.Catalog, policy, draft), cancellationToken);
        var wrong = outcome.Plan.Changes.Where(c => !c.OnlyMarks).Concat(outcome.Plan.Held.Select(h => h.Change)).Select(c => (c.Role, Describe(c))).ToList();
        var ready = outcome.Status.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);
        if (wrong.Count == 0 && ready?.Reason is not (Reasons.InSync or Reasons.ReadOnly))
        {
            wrong.Add((RoleOf(draft, ready?.Message ?? ""), ready?.Message ?? "it cannot be planned"));
        }

        // The app policy last: what else is wrong may be left out without it.
        return [.. wrong.OrderBy(w => w.Item1 == Roles.AppPolicy)];
    }

    private static string Describe(PlannedChange change) => change.Action is ChangeAction.Create
        ? $"the policy would make a {change.Type} '{change.Name}'"
        : $"the policy cannot say what it says: {string.Join(", ", change.Differences.Where(d => d.Path != "/description").Select(PlanWords.Difference))}";

    private static string RoleOf(PolicyDraft draft, string message)
    {
        var field = Field().Match(message);
        return field.Groups["part"].Value switch
        {
            "signing" => new[] { Roles.SigningScepProfile, Roles.SigningPkcsProfile, Roles.SigningProfile, Roles.DerivedCredentialProfile }.FirstOrDefault(draft.Has, Roles.AppPolicy),
            "encryption" => new[] { Roles.EncryptionProfile, Roles.DerivedCredentialProfile }.FirstOrDefault(draft.Has, Roles.AppPolicy),
            "nativeMail" => Roles.NativeMail,
            "platforms" => draft.Objects.Keys.FirstOrDefault(r => DraftPlatforms.GroupOf(r) is not null) ?? Roles.AppPolicy,
            "trustedCertificates" when field.Groups["entry"].Value is { Length: > 0 } entry => Roles.Root(entry),
            _ => Roles.AppPolicy,
        };
    }

    [GeneratedRegex(@"spec\.(?<part>[A-Za-z]+)(\[(?<entry>[^\]]+)\])?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();
}
