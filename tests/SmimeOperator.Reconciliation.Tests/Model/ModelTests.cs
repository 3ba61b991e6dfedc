using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Model;

/// <summary>Whatever happened, in the end the tenant is as the specs say, and nobody has anything left to do.</summary>
public sealed class ModelTests(Pki pki)
{
    /// <summary>Stories that were seen to go wrong once, each for another reason, and some more.</summary>
    private static readonly int[] Known = [547964062, 996351272, 1, 2, 3, 4, 5, 6];

    [Fact]
    public async Task Whatever_happened_the_tenant_ends_as_the_model_says()
    {
        foreach (var seed in Seeds())
        {
            await TellAsync(seed);
        }
    }

    /// <summary>SMIME_MODEL_SEED=123 tells one story again; SMIME_MODEL_STORIES=500 tells that many that nobody has heard yet.</summary>
    private static IEnumerable<int> Seeds() =>
        (Environment.GetEnvironmentVariable("SMIME_MODEL_SEED"), Environment.GetEnvironmentVariable("SMIME_MODEL_STORIES")) switch
        {
            ({ } seed, _) => [int.Parse(seed, CultureInfo.InvariantCulture)],
            (_, { } stories) => Enumerable.Range(0, int.Parse(stories, CultureInfo.InvariantCulture)).Select(_ => Random.Shared.Next()),
            _ => Known,
        };

    private async Task TellAsync(int seed)
    {
        await using var world = await TenantWorld.StartAsync(
            pki, new TenantSimulator.SimulatorOptions { PageSize = 5 }, tenant: t => t.Guard = new GuardSpec { MaxDeletions = 10_000, MaxDeletionPercent = 100 },
            grace: TimeSpan.FromSeconds(30));
        var story = new Story(world, seed);
        try
        {
            await story.HappenAsync();
            await story.SettleAsync();
            await story.CheckAsync();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new InvalidOperationException($"SMIME_MODEL_SEED={seed}: {fault.Message}\n{story.Told}", fault);
        }
    }
}
