using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace SmimeOperator.Runtime.Builder;

/// <summary>Refuses to start with settings that cannot work, and says all that is wrong at once.</summary>
internal sealed class OperatorSettingsValidator : IValidateOptions<OperatorSettings>
{
    public ValidateOptionsResult Validate(string? name, OperatorSettings options)
    {
        var results = new ValidateOptionsResultBuilder();
        var attributes = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), attributes, validateAllProperties: true);
        results.AddResults(attributes);

        foreach (var (period, property) in new[]
        {
            (options.LeaderElectionLeaseDuration, nameof(options.LeaderElectionLeaseDuration)),
            (options.LeaderElectionRenewDeadline, nameof(options.LeaderElectionRenewDeadline)),
            (options.LeaderElectionRetryPeriod, nameof(options.LeaderElectionRetryPeriod)),
            (options.RetryFirstDelay, nameof(options.RetryFirstDelay)),
            (options.RetryCeiling, nameof(options.RetryCeiling)),
            (options.ResyncInterval, nameof(options.ResyncInterval)),
            (options.LivenessLimit, nameof(options.LivenessLimit)),
        })
        {
            if (period <= TimeSpan.Zero || period > TimeSpan.FromDays(30))
            {
                results.AddError("must be more than zero and at most 30 days", property);
            }
        }

        if (options.LeaderElectionLeaseDuration <= options.LeaderElectionRenewDeadline)
        {
            results.AddError("must be longer than the renew deadline", nameof(options.LeaderElectionLeaseDuration));
        }

        if (options.LeaderElectionLeaseDuration < TimeSpan.FromSeconds(1))
        {
            results.AddError("must be at least one second: leases count in whole seconds", nameof(options.LeaderElectionLeaseDuration));
        }

        if (options.LeaderElectionRenewDeadline <= options.LeaderElectionRetryPeriod * 1.2)
        {
            results.AddError("must be longer than the retry period and its jitter", nameof(options.LeaderElectionRenewDeadline));
        }

        if (!string.IsNullOrEmpty(options.LabelSelector)
            && options.LeaderElectionType != LeaderElectionType.None && string.IsNullOrEmpty(options.LeaderElectionName))
        {
            results.AddError(
                "must be set together with a label selector: a shard that shares its lease with another would stand by for ever",
                nameof(options.LeaderElectionName));
        }

        if (options.RetryCeiling < options.RetryFirstDelay)
        {
            results.AddError("must not be shorter than the first delay", nameof(options.RetryCeiling));
        }

        if (options.Namespaces.Any(string.IsNullOrWhiteSpace) || options.Namespaces.Distinct(StringComparer.Ordinal).Count() != options.Namespaces.Count)
        {
            results.AddError("must hold names, each of them once", nameof(options.Namespaces));
        }

        return results.Build();
    }
}
