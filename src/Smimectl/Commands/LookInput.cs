using System.CommandLine;

namespace Smimectl;

/// <summary>The options of commands that look at one tenant.</summary>
internal sealed class LookInput
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    private readonly Option<string[]> _with = CommonOptions.With();
    private readonly Option<string?> _tenant = CommonOptions.TenantName();
    private readonly Option<string?> _endpoint = CommonOptions.TenantEndpoint();
    private readonly Option<string?> _state = CommonOptions.State();
    private readonly Option<string?> _clusterId = ClusterOptions.ClusterId();
    private readonly Option<bool> _cluster = ClusterOptions.FromCluster();
    private readonly Option<TimeSpan?> _timeout = CommonOptions.Timeout("The longest wait for what git would import, such as 30s. Default: 5m.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_with, _tenant, _endpoint, _state, _clusterId, _cluster, _timeout])
        {
            command.Options.Add(option);
        }
    }

    public async Task<LookOptions> ReadAsync(ParseResult parsed, string folder, CancellationToken cancellationToken) => new()
    {
        Choice = new TenantChoice(folder, parsed.GetValue(_tenant), parsed.GetValue(_endpoint), parsed.GetValue(_clusterId)) { With = parsed.GetValue(_with)! },
        StatePath = parsed.GetValue(_state) ?? CommonOptions.StatePath(folder),
        Memory = parsed.GetValue(_cluster) ? (await ClusterReader.ReadAsync([folder, .. parsed.GetValue(_with)!], null, parsed.GetValue(_clusterId), cancellationToken)).Saved : null,
        Timeout = parsed.GetValue(_timeout) ?? DefaultTimeout,
    };
}
