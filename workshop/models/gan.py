"""Two networks play against each other: one makes records out of noise, the other tells them from observed ones.

A generative adversarial network (Goodfellow and others, 2014): the *generator* G turns noise z into a record, the *discriminator* D gives a record a score
that is high if it looks observed. D learns to tell; G learns to be taken for observed. Where both have learned all they can, D is left guessing. Mixed
tables are made ready as in CTGAN (Xu, Skoularidou, Cuesta-Infante and Veeramachaneni, 2019): a number becomes its place on a bell curve, a label one
column for each level.
"""

import numpy as np
import pandas as pd
from scipy import special
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from workshop.models.anew import MadeAnew
from workshop.models.base import GenerativeModel
from workshop.models.disclosure import USUAL_K
from workshop.models.encoding import A_NUMBER, Code
from workshop.models.networks import Adam, Network, pieces
from workshop.settings import at_least, whole

#: Knots of the curve that turns the numbers of a variable into places on a bell curve.
KNOTS = 200
#: Records that are made together: a layer of 700 units takes 140 MB for so many.
_AT_ONCE = 50_000
#: Networks with fewer weights learn on one core: on two, more time goes into waiting for each other than into small products.
_ONE_CORE = 300_000
#: Training so long that a bar shows how far it is, in multiplications.
_LONG_WORK = 2e11


class GAN(GenerativeModel):
    """A generative adversarial network for a mixed table.

    Parameters
    ----------
    hidden : int, default 128
        Units in each hidden layer.
    layers : int, default 2
        Hidden layers of either network.
    noise : int, default 16
        How many normal numbers the generator makes a record of.
    steps : int, default 1500
        How often both networks learn, each time from one batch.
    batch : int, default 256
        Records in a batch.
    rate : float, default 0.001
        Length of a step; see Adam.
    penalty : float, default 1
        How strongly a steep discriminator is held back, which keeps the game from running in circles; 0 is the GAN of 2014.
    packed : int, default 1
        So many records are judged together, so that a generator that makes the same record again and again is found out (Lin and others, 2018).
    temperature : float, default 0.2
        How soft the generator's labels are while it learns (Jang, Gu and Poole, 2017).
    random_state : int, default 0
        The same one gives the same networks on the same machine: the last digits of large products differ between machines, and grow.
    progress : bool, optional
        A progress bar: always, never, or for long training only (None).

    Attributes
    ----------
    generator_, discriminator_ : Network
    losses_ : list of (float, float)
        Of discriminator and generator, at each step. A discriminator that can only guess has 2 ln 2 = 1.39.
    remarks_ : list of str

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=500)
    >>> table = pd.DataFrame({"x": x, "y": x + rng.normal(size=500)})
    >>> GAN(hidden=32, steps=300, progress=False).fit(table).sample(5, rng=1).shape
    (5, 2)
    """

    #: It holds the records to go on learning from, and may know some by heart.
    keeps_records = True
    why_not_to_publish = "a network can learn records by heart. Measure what this file gives away before you publish it, and never publish the model itself."

    def __init__(
        self,
        hidden=128,
        layers=2,
        noise=16,
        steps=1500,
        batch=256,
        rate=1e-3,
        penalty=1.0,
        packed=1,
        temperature=0.2,
        random_state=0,
        progress=None,
    ):
        self.hidden = hidden
        self.layers = layers
        self.noise = noise
        self.steps = steps
        self.batch = batch
        self.rate = rate
        self.penalty = penalty
        self.packed = packed
        self.temperature = temperature
        self.random_state = random_state
        self.progress = progress

    def _fit(self, table):
        for setting, least in {"hidden": 1, "layers": 1, "noise": 1, "steps": 0, "batch": 1, "packed": 1}.items():
            whole(getattr(self, setting), setting, least)
        for setting in ("rate", "penalty", "temperature"):
            at_least(getattr(self, setting), setting, 0)
        self._rng = np.random.default_rng(self.random_state)
        self.coder_ = TableCoder(table, self._rng)
        self.remarks_ = list(self.coder_.remarks)
        self._records = self.coder_.encode(table, self._rng).astype(np.float32)
        width, inner = self._records.shape[1], [self.hidden] * self.layers
        self.generator_ = Network([self.noise, *inner, width], self._rng)
        self.discriminator_ = Network([width * self.packed, *inner, 1], self._rng)
        self._downhill = [Adam(net.parameters, self.rate) for net in (self.generator_, self.discriminator_)]
        # Records are made with the mean of the latest generators, which wavers less than the last one (Yazici and others, 2019).
        self._mean_generator = Network([self.noise, *inner, width], self._rng)
        self._remember(0.0)
        self.losses_ = []
        self.train(self.steps)

    def train(self, steps=None, watch=None):
        """Go on learning. Interrupt it (■ in the notebook's toolbar) and it keeps what it has learned.

        Parameters
        ----------
        steps : int, optional
            How many more; the setting `steps` if left out.
        watch : callable, optional
            `watch(model)` is called after each step.

        Returns
        -------
        self
        """
        steps = self.steps if steps is None else steps
        whole(steps, "steps", 0)
        if not hasattr(self, "losses_"):
            self._require_fit()
        n_weights = self.generator_.n_parameters + self.discriminator_.n_parameters
        hidden = not (9 * steps * self.batch * n_weights >= _LONG_WORK if self.progress is None else self.progress)
        before, cores = len(self.losses_), 1 if n_weights < _ONE_CORE else None
        try:
            with threadpool_limits(cores, "blas"):
                for _ in tqdm(range(steps), "training", disable=hidden or watch is not None, leave=False):
                    self.losses_.append((self._teach_discriminator(), self._teach_generator()))
                    self._remember(0.995)
                    if watch:
                        watch(self)
        except KeyboardInterrupt:
            self.remarks_.append(
                f"Training was stopped after {len(self.losses_) - before:,} of {steps:,} steps; .train() goes on."
            )
        return self

    def _teach_discriminator(self):
        """One step towards high scores for observed and low ones for made-up records."""
        n = self.batch * self.packed
        observed = self._records[self._rng.integers(0, len(self._records), n)]
        made = self.coder_.harden(self._generate(self.generator_, n), self.temperature, self._rng)[0]
        loss, gradients = 0.0, []
        for records, sign in ((observed, 1), (made, -1)):
            scores = self.discriminator_.forward(self._packed(records))
            loss += float(np.logaddexp(0, -sign * scores).mean())
            gradients.append(self.discriminator_.backward(-sign * special.expit(-sign * scores) / self.batch)[0])
            if sign > 0 and self.penalty:
                steep = self.discriminator_.steepness()[1]
                gradients.append([self.penalty / 2 * gradient for gradient in steep])
        self._downhill[1].step([sum(parts) for parts in zip(*gradients, strict=True)])
        return loss

    def _teach_generator(self):
        """One step towards records that the discriminator takes for observed."""
        made, back = self.coder_.harden(
            self._generate(self.generator_, self.batch * self.packed), self.temperature, self._rng
        )
        scores = self.discriminator_.forward(self._packed(made))
        gradient = self.discriminator_.gradient_of_inputs(-special.expit(-scores) / self.batch)
        self._downhill[0].step(self.generator_.backward(back(gradient.reshape(made.shape)))[0])
        return float(np.logaddexp(0, -scores).mean())

    def _packed(self, records):
        return records.reshape(self.batch, self.packed * self.coder_.width)

    def _generate(self, network, n):
        return network.forward(self._rng.standard_normal((n, self.noise), dtype=np.float32))

    def _remember(self, kept):
        steps = len(getattr(self, "losses_", ()))
        kept = min(kept, steps / (steps + 10))
        of_both = (pieces(network.parameters) for network in (self._mean_generator, self.generator_))
        for mean, parameter in zip(*of_both, strict=True):
            mean += (1 - kept) * (parameter - mean)

    def _sample(self, n, rng):
        records = np.empty((n, self.coder_.width), np.float32)
        for start in range(0, n, _AT_ONCE):
            noise = rng.standard_normal((min(_AT_ONCE, n - start), self.noise), dtype=np.float32)
            outputs = self._mean_generator.forward(noise)
            records[start : start + len(noise)] = self.coder_.harden(outputs, 0.0, rng)[0]
        return self.coder_.decode(records, rng)

    def _theta(self):
        for name, network in (("generator", self.generator_), ("discriminator", self.discriminator_)):
            for number, parameter in enumerate(network.parameters):
                what = "bias" if number % 2 else "weight"
                values = parameter.ravel().tolist()
                yield from (
                    (name, f"layer {number // 2 + 1} {what} {place}", value) for place, value in enumerate(values, 1)
                )

    @property
    def n_parameters(self):
        """Weights and biases of both networks."""
        self._require_fit()
        return self.generator_.n_parameters + self.discriminator_.n_parameters


class TableCoder:
    """A mixed table as columns of numbers for a network, and back.

    A variable with several states (levels, missing, a heap) gets one column for each; a variable with numbers one more, with the number's place on a
    bell curve. Keys and texts are not coded but made anew.
    """

    def __init__(self, table, rng):
        self.names, self.remarks, self.blocks = list(table.columns), [], {}
        start = 0
        for name in self.names:
            code = Code.of(table[name])
            if code.kind in ("key", "text"):
                self.blocks[name] = MadeAnew(table[name], code.kind)
                how = "left out" if code.kind == "text" else "made anew"
                self.remarks.append(f"'{name}' is {code.kind}: it is {how}.")
                continue
            self.blocks[name] = _Block(code, code.encode(table[name]), start, rng)
            start = self.blocks[name].stop
        self.width = start

    @property
    def _coded(self):
        return [block for block in self.blocks.values() if isinstance(block, _Block)]

    def encode(self, table, rng):
        """The table as an array of shape (n, width)."""
        columns = [block.encode(block.code.encode(table[block.code.name]), rng) for block in self._coded]
        return np.hstack([np.empty((len(table), 0)), *columns])

    def harden(self, outputs, temperature, rng):
        """Outputs of a generator as records: labels are chosen by chance, softly while the network learns.

        Parameters
        ----------
        outputs : numpy.ndarray, shape (n, width)
        temperature : float
            0 for a clear choice.
        rng : numpy.random.Generator

        Returns
        -------
        (numpy.ndarray, callable)
            Records, and what turns a gradient with respect to them into one with respect to the outputs.
        """
        records, shares = outputs.copy(), {}
        for block in self._coded:
            if block.n_states > 1:
                noisy = outputs[:, block.states] + rng.gumbel(size=(len(outputs), block.n_states))
                if temperature:
                    chosen = special.softmax(noisy / temperature, axis=1)
                else:
                    chosen = np.equal.outer(noisy.argmax(axis=1), np.arange(block.n_states))
                shares[block] = records[:, block.states] = chosen.astype(outputs.dtype)
                if block.number is not None:  # there is a number only as far as the state says so
                    records[:, block.number] *= records[:, block.states.start + A_NUMBER]

        def back(gradient):
            gradient = gradient.copy()
            for block, chosen in shares.items():
                of_chosen = gradient[:, block.states]
                if block.number is not None:
                    of_chosen = of_chosen.copy()
                    of_chosen[:, A_NUMBER] += gradient[:, block.number] * outputs[:, block.number]
                    gradient[:, block.number] *= chosen[:, A_NUMBER]
                mean = (of_chosen * chosen).sum(axis=1, keepdims=True)
                gradient[:, block.states] = chosen * (of_chosen - mean) / temperature
            return gradient

        return records, back

    def decode(self, records, rng):
        """Records of the network as a table."""
        columns = {
            name: block.decode(records) if isinstance(block, _Block) else block.draw(len(records), rng)
            for name, block in self.blocks.items()
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(len(records)))


class _Block:
    """The columns of one variable."""

    def __init__(self, code, column, start, rng):
        self.code, self.n_states = code, code.n_states
        self.states = slice(start, start + (self.n_states if self.n_states > 1 else 0))
        present = column.numbers[column.states == A_NUMBER] if code.has_numbers else ()
        self.number = self.states.stop if len(present) else None
        self.stop = self.states.stop + (self.number is not None)
        if self.number is not None:
            self.values, self.places = _knots(np.sort(present + self._rounding(present, rng)))

    def _rounding(self, numbers, rng):
        """Numbers were rounded; chance gives them back what was lost, so that they are spread as the network's own are."""
        step = 1.0 if self.code.scale.whole else 10.0**-self.code.decimals if self.code.decimals is not None else 0.0
        return rng.uniform(-step / 2, step / 2, len(numbers))

    def encode(self, column, rng):
        parts = [np.equal.outer(column.states, np.arange(self.n_states))] if self.n_states > 1 else []
        if self.number is not None:
            there = column.states == A_NUMBER
            numbers = np.where(there, column.numbers, self.values[0])
            places = np.interp(numbers + self._rounding(numbers, rng), self.values, self.places)
            parts.append(np.where(there, places, 0.0)[:, None])
        return np.hstack([np.empty((len(column), 0)), *parts])

    def decode(self, records):
        n = len(records)
        states = records[:, self.states].argmax(axis=1) if self.n_states > 1 else np.zeros(n, dtype=int)
        numbers = np.full(n, self.code.middle)
        if self.number is not None:
            numbers = np.interp(records[:, self.number], self.places, self.values)
        return self.code.decode(self.code.column(states.astype(np.int32), numbers))


def _knots(numbers):
    """The curve from numbers to a standard normal distribution. Each knot is the mean of at least 11 neighbours, and nobody's own value."""
    blocks = max(1, min(KNOTS, len(numbers) // USUAL_K))
    parts = np.array_split(numbers, blocks)
    sizes = np.array([len(part) for part in parts])
    places = special.ndtri((np.cumsum(sizes) - sizes / 2) / len(numbers))
    return np.array([part.mean() for part in parts]), places
