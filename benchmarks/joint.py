"""Joint models: a Gaussian copula beside what each record costs at least, and a GAN beside its bare matrix products.

python benchmarks/joint.py            the copula at 1,000 to 100,000 records, its error on a known copula, the GAN's steps
python benchmarks/joint.py --million  the network with a million parameters: its whole training, and how well it did
"""

import sys
import time

import numpy as np
import pandas as pd
from sequential import mixed

from workshop.data import load
from workshop.measures.propensity import propensity
from workshop.measures.release import associations
from workshop.models.copula import GaussianCopula
from workshop.models.gan import GAN
from workshop.models.metadata import Metadata
from workshop.models.multivariate import MultivariateNormal


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def copulas():
    print("Gaussian copula, ten mixed columns, beside Metadata (the same marginals, no correlations)")
    for n in (1_000, 10_000, 100_000):
        table = mixed(n)
        copula, recipe = GaussianCopula(), Metadata()
        fits = [seconds(lambda model=model, table=table: model.fit(table)) for model in (copula, recipe)]
        draws = seconds(lambda copula=copula: copula.sample(rng=1))
        print(f"  {n:>7,}: fit {fits[0]:6.2f} s ({fits[0] / fits[1]:.1f} times Metadata's), sample {draws:5.2f} s")
    truth = np.array([[1, 0.6, -0.4], [0.6, 1, -0.2], [-0.4, -0.2, 1]])
    print("Error of the correlations of a known copula: a skewed number, three thresholds, a yes or no")
    for n in (100, 400, 1_600, 6_400):
        errors = []
        for seed in range(20):
            z = np.random.default_rng(seed).multivariate_normal(np.zeros(3), truth, n)
            table = pd.DataFrame(
                {"a": np.exp(z[:, 0]), "b": np.digitize(z[:, 1], [-0.5, 0.3, 1.2]), "c": z[:, 2] > 0.4}
            )
            errors.append(GaussianCopula(random_state=seed).fit(table).correlation_.to_numpy() - truth)
        rmse = np.sqrt(np.mean(np.square(errors)) * 9 / 6)
        print(f"  {n:>7,}: {rmse:.4f}, times the root of n {rmse * np.sqrt(n):.2f}")
    numbers = mixed(100_000)[["age", "income", "greenness"]]
    print(
        f"Multivariate normal, 100,000 records with missing incomes: {seconds(lambda: MultivariateNormal().fit(numbers)):.2f} s"
    )


def steps():
    table = load("gifts")
    print("GAN: a step beside the bare matrix products of the same sizes (forward, backward, and the penalty)")
    for hidden in (128, 700):
        model, n = GAN(hidden=hidden, steps=0).fit(table), 200 if hidden < 500 else 30
        took = seconds(lambda model=model, n=n: model.train(n)) / n
        nets, batch = (model.generator_, model.discriminator_), model.batch
        sides = [[w.shape for w in net.weights] for net in nets]
        rng = np.random.default_rng(1)
        # Three products a layer for forward and backward: one generator, three discriminators; the penalty costs two more; one more generator forward.
        work = (
            [(shape, 3) for shape in sides[0]]
            + [(shape, 11) for shape in sides[1]]
            + [(shape, 1) for shape in sides[0]]
        )
        arrays = {
            shape: (rng.normal(size=(batch, shape[0])).astype("f4"), rng.normal(size=shape).astype("f4"))
            for shape, _ in work
        }

        def bare(arrays=arrays, work=work):
            for shape, times in work:
                x, w = arrays[shape]
                for _ in range(times):
                    x @ w

        bare()
        floor = seconds(lambda bare=bare, n=n: [bare() for _ in range(n)]) / n
        print(
            f"  {model.n_parameters:>9,} parameters: {1000 * took:6.2f} ms a step, {took / floor:.1f} times the products alone"
        )


def million():
    table = load("gifts")
    model = GAN(hidden=700, rate=3e-4, penalty=5, steps=4000, progress=False)
    took = seconds(lambda: model.fit(table))
    synthetic = model.sample(rng=1)
    auc = propensity(table.drop(columns="postcode"), synthetic.drop(columns="postcode"), "boosting").auc
    off = associations(table, synthetic)["difference"].abs().mean()
    losses = np.array(model.losses_[-300:]).mean(axis=0)
    print(
        f"{model.n_parameters:,} parameters, 4,000 steps: {took:.0f} s; discriminator's loss {losses[0]:.3f} (guessing 1.386), "
        f"area under the curve {auc:.2f}, associations off by {off:.3f} on average"
    )


if __name__ == "__main__":
    million() if "--million" in sys.argv else (copulas(), steps())
