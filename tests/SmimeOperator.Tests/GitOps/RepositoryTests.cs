using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

public sealed class RepositoryTests
{
    [Theory]
    [InlineData("flux/clusters/production", 5)]
    [InlineData("flux/infrastructure/smime-operator", 3)]
    [InlineData("flux/teams/messaging/secrets", 2)]
    [InlineData("flux/teams/messaging/tenant", 2)]
    [InlineData("flux/teams/messaging/policies", 2)]
    [InlineData("flux/teams/messaging/imports", 1)]
    [InlineData("argocd/repository/applications", 2)]
    [InlineData("argocd/repository/messaging", 6)]
    public async Task The_sample_repositories_build(string folder, int objects)
    {
        var built = (await Command.RunAsync("kubectl", ["kustomize", RepositoryRoot.Path(["gitops", .. folder.Split('/')])])).Succeeded().StandardOutput;
        built.Split('\n').Count(l => l.StartsWith("kind: ", StringComparison.Ordinal)).ShouldBe(objects);
    }
}
